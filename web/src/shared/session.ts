/* Who am I: the answer of GET /api/v1/session, kept while the page lives and, for residents, for the next visit offline.
 *
 * `session` is reactive. load() asks the server; without network the last known session is used and `isStale` says so. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { api, ApiError, call, onSignedOut, type Schemas } from './api';
import { cacheClear, cacheGet, cacheSet } from './keep';

export type Session = Schemas['Session'];
export type Cap = NonNullable<Session['caps']>[number];

const current = shallowRef<Session | null>(null);
const stale = ref(false);

export const session = computed(() => current.value);
export const isStale = readonly(stale);
export const isSignedIn = computed(() => current.value?.signed_in === true);
export const isStaff = computed(() => current.value?.account?.kind === 'staff' || (current.value?.posts.length ?? 0) > 0);

/** What the server lets this person do somewhere; whether here is told by each request's `acts`. */
export function has(cap: Cap): boolean {
  return current.value?.caps.includes(cap) ?? false;
}

async function take(next: Session): Promise<Session> {
  current.value = next;
  stale.value = false;
  if (next.signed_in) await cacheSet('session', next);
  return next;
}

/** Throws ApiError when the server cannot be asked and nothing is known from before. */
export async function loadSession(): Promise<Session> {
  try {
    return await take(await call(api.GET('/api/v1/session')));
  } catch (fault) {
    const known = fault instanceof ApiError && fault.isPassing ? await cacheGet<Session>('session') : undefined;
    if (!known) throw fault;
    current.value = known;
    stale.value = true;
    return known;
  }
}

export async function signIn(login: string, password: string, community?: string): Promise<Session> {
  const body = community ? { login, password, community } : { login, password };
  return take(await call(api.POST('/api/v1/session', { body })));
}

export type JoinBody = Schemas['Join'];
export async function join(token: string, body: JoinBody): Promise<Session> {
  return take(await call(api.POST('/api/v1/door-links/{token}/join', { params: { path: { token } }, body })));
}

export async function changeMe(body: Schemas['MeChange']): Promise<Session> {
  return take(await call(api.PATCH('/api/v1/me', { body })));
}

/** Forgets everything this device kept of the person, also when the server is not reached any more. */
export async function signOut(): Promise<void> {
  try {
    await call(api.DELETE('/api/v1/session'));
  } catch (fault) {
    if (!(fault instanceof ApiError) || fault.status !== 401) throw fault;
  }
  await forget();
}

async function forget(): Promise<void> {
  await cacheClear();
  if (current.value) current.value = { ...current.value, signed_in: false, account: null, posts: [], caps: [], household: null, unit: null };
}

onSignedOut(() => void forget());
