import { session } from '../shared/session';

/** Whose outbox: the household's, so that what waits is still sent after joining it anew. */
export const outboxOwner = (): string => session.value?.household?.id ?? session.value?.account?.id ?? '';
