/* The addresses of calls. */
import { describe, expect, it } from 'vitest';
import { addressOf } from '../src/shared/client';

describe('addresses', () => {
  it.each([
    ['/api/v1/requests', undefined, '/api/v1/requests'],
    ['/api/v1/requests/{id}/acts', { path: { id: 'a/b?' } }, '/api/v1/requests/a%2Fb%3F/acts'],
    ['/api/v1/requests', { query: { view: 'mine', limit: 5, after: undefined, on: false, q: '3幢 501&x' } }, '/api/v1/requests?view=mine&limit=5&on=false&q=3%E5%B9%A2+501%26x'],
  ])('%s with %o', (path, params, want) => expect(addressOf(path, params)).toBe(want));
});
