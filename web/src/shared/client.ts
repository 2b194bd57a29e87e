/* Calls by the types of openapi-fetch and the contract, without its code: two KiB of the residents' first page. What our
 * contract needs: parameters in path, query and header, JSON bodies, JSON answers. */
import type { Client } from 'openapi-fetch';

interface Options {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown>; header?: Record<string, unknown> };
  body?: unknown;
}
export interface Hooks {
  /** The headers of a call before it goes out. */
  headers(method: string, headers: Headers): void;
  answered(path: string, asked: number, response: Response): void;
}

export function addressOf(path: string, params: Options['params'] = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(params.path?.[name] ?? '')));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params.query ?? {})) if (value !== undefined && value !== null) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = response.status === 204 ? '' : await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function makeClient<Paths extends object>(hooks: Hooks): Client<Paths> {
  const method = (name: string) => async (path: string, options: Options = {}) => {
    const headers = new Headers();
    for (const [key, value] of Object.entries(options.params?.header ?? {})) if (value !== undefined) headers.set(key, String(value));
    if (options.body !== undefined) headers.set('Content-Type', 'application/json');
    hooks.headers(name, headers);
    const asked = Date.now();
    const response = await fetch(addressOf(path, options.params), {
      method: name,
      credentials: 'same-origin',
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    hooks.answered(path, asked, response);
    const body = await bodyOf(response);
    return response.ok ? { data: body, response } : { error: body, response };
  };
  return Object.fromEntries(['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].map((name) => [name, method(name)])) as unknown as Client<Paths>;
}
