/* Sign-ups (接龙) for both faces: the list, entering and leaving. A tap keeps its key until the server has answered, so
 * that tapping again after a broken line never takes a second place. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { api, ApiError, call, newKey, type Schemas } from './api';

export type SignUp = Schemas['SignUp'];
export type SignUpEntry = Schemas['SignUpEntry'];

const list = shallowRef<readonly SignUp[]>([]);
const loaded = ref(false);
export const signUps = computed(() => list.value);
export const isLoaded = readonly(loaded);
/** Those one can still get into. */
export const openSignUps = computed(() => list.value.filter((s) => !s.mine && (s.phase === 'open' || s.phase === 'full')));

export async function loadSignUps(): Promise<void> {
  list.value = (await call(api.GET('/api/v1/sign-ups', { params: { query: { limit: 100 } } }))).items;
  loaded.value = true;
}

async function reload(id: string): Promise<void> {
  const one = await call(api.GET('/api/v1/sign-ups/{id}', { params: { path: { id } } }));
  list.value = list.value.map((s) => (s.id === id ? one : s));
}

const keys = new Map<string, string>();

export async function enter(id: string, body: Schemas['SignUpEntryDraft']): Promise<SignUpEntry> {
  const tap = `${id} ${JSON.stringify(body)}`;
  const key = keys.get(tap) ?? newKey();
  keys.set(tap, key);
  try {
    const entry = await call(api.POST('/api/v1/sign-ups/{id}/entries', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body }));
    keys.delete(tap);
    await reload(id);
    return entry;
  } catch (fault) {
    if (!(fault instanceof ApiError) || !fault.isPassing) keys.delete(tap);
    throw fault;
  }
}

export async function leave(id: string, member: string): Promise<void> {
  await call(api.DELETE('/api/v1/sign-ups/{id}/entries/{member_id}', { params: { path: { id, member_id: member } } }));
  await reload(id);
}
