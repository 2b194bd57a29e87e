/* The one way to the server: typed by openapi/danyuan.yaml, with errors people can act on.
 *
 *   const page = await call(api.GET('/api/v1/requests', { params: { query: { view: 'mine' } } }));
 *
 * call() gives the answer's body or throws ApiError. Every POST gets an Idempotency-Key of its own unless the caller
 * brings one (the outbox does); changes of a request carry If-Match with the version seen. When the server says that
 * nobody is signed in any more, listeners of onSignedOut hear it once per answer. */
import type { components, paths } from './api-types';
import { makeClient } from './client';
import { noteAnswer } from './clock';
import { language } from './i18n';

export type Schemas = components['schemas'];

/** What went wrong, in the words of the server where it has some. status 0: the server was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** JSON pointer of the member that is not right ("/door"), or "". */
  readonly field: string;
  /** What to do about it, in the reader's language, or "". */
  readonly hint: string;
  readonly requestId: string;
  readonly retryAfterS: number;

  constructor(status: number, problem: Partial<Problem>, retryAfterS = 0) {
    super(problem.detail ?? problem.title ?? 'request failed');
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'offline' : 'unknown');
    this.field = problem.field ?? '';
    this.hint = problem.hint ?? '';
    this.requestId = problem.request_id ?? '';
    this.retryAfterS = retryAfterS;
  }

  /** The same call may work later without anybody changing anything. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Problem {
  title: string;
  detail: string;
  code: string;
  field: string;
  hint: string;
  request_id: string;
}

/** The time in nine digits of base 36 and 20 random letters and digits: keys made together lie together in the server's index. Also on
 * plain http, where crypto.randomUUID does not exist. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  const random = Array.from(bytes, (b) => 'abcdefghijkmnpqrstuvwxyz23456789'[b & 31]).join('');
  return Date.now().toString(36).padStart(9, '0') + random;
}

/** For If-Match: the version of a request as the server writes it. */
export const ifMatch = (version: number): string => `"${version}"`;

const signedOut = new Set<() => void>();
export function onSignedOut(fn: () => void): () => void {
  signedOut.add(fn);
  return () => signedOut.delete(fn);
}

/* The contract asks for an Idempotency-Key with every POST; it is set below, so that callers need not bring one. */
type Unkeyed<Header> = Header extends { 'If-Match': infer Version }
  ? { header: { 'If-Match': Version; 'Idempotency-Key'?: string } }
  : { header?: { 'Idempotency-Key'?: string } };
type UnkeyedOperation<Op> = Op extends { parameters: { header: infer Header } & infer Parameters }
  ? Omit<Op, 'parameters'> & { parameters: Omit<Parameters, 'header'> & Unkeyed<Header> }
  : Op;
type UnkeyedPaths = { [Path in keyof paths]: { [Method in keyof paths[Path]]: UnkeyedOperation<paths[Path][Method]> } };

export const api = makeClient<UnkeyedPaths>({
  headers(method, headers) {
    headers.set('Accept-Language', language.value);
    if (method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', newKey());
  },
  answered(path, asked, response) {
    noteAnswer(asked, Date.now(), response.headers.get('Date'));
    /* a wrong password is 401 as well, and changes nothing for others */
    if (response.status === 401 && path !== '/api/v1/session') signedOut.forEach((fn) => fn());
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of the answer, or an ApiError. */
export async function call<T>(pending: Promise<Answer<T>>): Promise<NonNullable<T>> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch {
    throw new ApiError(0, {}); /* fetch rejects only when there was no answer */
  }
  const { response } = answer;
  if (response.ok) return answer.data as NonNullable<T>;
  const problem = typeof answer.error === 'object' && answer.error !== null ? answer.error : {};
  throw new ApiError(response.status, problem, Number(response.headers.get('Retry-After') ?? 0));
}

/** A picture, already shrunk; the same key gives the same photo. The body is the JPEG itself. */
export async function uploadPhoto(photo: Blob, key: string = newKey()): Promise<string> {
  let response: Response;
  try {
    response = await fetch('/api/v1/photos', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'image/jpeg', 'Idempotency-Key': key, 'Accept-Language': language.value },
      body: photo,
    });
  } catch {
    throw new ApiError(0, {});
  }
  const body = (await response.json().catch(() => ({}))) as Partial<Problem> & { id?: string };
  if (!response.ok || !body.id) throw new ApiError(response.status, body);
  return body.id;
}

export const photoUrl = (id: string): string => `/api/v1/photos/${encodeURIComponent(id)}`;
