/* The next thing a household may count on, and until when. */
import { toMs, whenText } from '../shared/time';
import { isOpen, type Request } from './requests';
import { t } from './text';

export interface Outlook {
  text: string;
  isLate: boolean;
}

/** null: it has ended, nothing more is promised. */
export function promiseOf(request: Request, now: number): Outlook | null {
  if (!isOpen(request)) return null;
  if (request.state === 'done') return { text: t('promise.confirm'), isLate: false };
  if (request.state === 'suspended') return { text: t('promise.answer'), isLate: false };
  const isAnswered = request.responded_at !== null;
  const due = toMs(isAnswered ? request.close_due_at : request.respond_due_at);
  if (due === null) return { text: t(isAnswered ? 'promise.working' : 'promise.received'), isLate: false };
  if (due < now) return { text: t('promise.late'), isLate: true };
  return { text: t(isAnswered ? 'promise.close' : 'promise.respond', { when: whenText(due, now) }), isLate: false };
}
