/* What the console works out by itself: deadlines, columns, filters, doors as people say them, first passwords. */
import { describe, expect, it } from 'vitest';
import { clockOf, clocksOf, levelOf, spanOf } from '../src/console/board/clock';
import { columnOf, inOrder } from '../src/console/board/columns';
import { filterRead, filterWrite, matches } from '../src/console/board/filter';
import { passwordMake } from '../src/console/people/password';
import { doorRead } from '../src/console/report/door';
import { suggestCategory } from '../src/console/report/suggest';
import type { Request } from '../src/console/types';

const MINUTE = 60_000;
const T0 = Date.parse('2026-04-23T09:00:00+08:00');
const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();

function request(more: Partial<Request> = {}): Request {
  return {
    id: 'a', number: '0423-001', category: 'REPR', urgent: false, state: 'reported', level: 0, address: '3幢1单元一户',
    unit_id: 'u1', unit_name: '第一单元', grid_id: 'g1', text: '水管漏水', channel: 'web', reporter_is_me: false,
    callback_code: null, contact: null, owner: null, merged_into: null, rating: null, created_at: at(0), changed_at: at(0),
    responded_at: null, done_at: null, closed_at: null, respond_due_at: at(10), close_due_at: at(100), paused: false,
    overdue: 'none', progress: 1, photo_ids: [], version: 1, acts: [], ...more,
  } as Request;
}

describe('clock', () => {
  it('is the reminder in the last tenth, yellow when over, red when over by as long as was given', () => {
    const level = (minutes: number) => levelOf(T0, T0 + 10 * MINUTE, T0 + minutes * MINUTE);
    expect([8.9, 9, 9.9, 10, 19.9, 20].map(level)).toEqual(['none', 'reminder', 'reminder', 'yellow', 'yellow', 'red']);
  });
  it('shows the worse of the two that run', () => {
    expect(clockOf(request(), T0 + 12 * MINUTE)).toMatchObject({ kind: 'respond', level: 'yellow', left: -2 * MINUTE });
    expect(clockOf(request({ responded_at: at(1) }), T0 + 12 * MINUTE)).toMatchObject({ kind: 'close', level: 'none' });
  });
  it('stands while the resident is asked, and owes nothing once done or ended', () => {
    const asked = request({ state: 'suspended', paused: true, responded_at: at(1), changed_at: at(5) });
    expect(clockOf(asked, T0 + 5000 * MINUTE)).toMatchObject({ level: 'none', left: 95 * MINUTE, paused: true });
    expect(clocksOf(request({ state: 'done', responded_at: at(1) }), T0 + 5000 * MINUTE)).toEqual([]);
    expect(clocksOf(request({ state: 'withdrawn' }), T0 + 5000 * MINUTE)).toEqual([]);
  });
  it('tells days, hours and minutes, before and after', () => {
    expect(spanOf(-(1440 + 61) * MINUTE)).toEqual({ days: 1, hours: 1, minutes: 1 });
  });
});

describe('columns', () => {
  it('gives a reopened request back to its owner, or to everybody', () => {
    expect(columnOf(request({ state: 'reopened' }))).toBe('waiting');
    expect(columnOf(request({ state: 'reopened', owner: { id: 'p', name: '王', phone: '' } }))).toBe('working');
  });
  it('puts urgent first, then the nearest deadline', () => {
    const list = [request({ id: 'late', respond_due_at: at(30) }), request({ id: 'soon' }), request({ id: 'urgent', urgent: true, respond_due_at: at(60) })];
    expect(inOrder('intake', list).map((r) => r.id)).toEqual(['urgent', 'soon', 'late']);
  });
});

describe('filter', () => {
  const filter = filterRead({ category: 'REPR', q: '漏水 第一', mine: '1' });
  it('survives the way through the address', () => {
    expect(filterRead(filterWrite(filter) as Record<string, string>)).toEqual(filter);
  });
  it('wants every word, and mine means mine', () => {
    const mine = request({ owner: { id: 'me', name: '我', phone: '' } });
    expect(matches(mine, filter, 'me', T0, '维修 第一单元')).toBe(true);
    expect(matches(mine, filter, 'you', T0, '维修 第一单元')).toBe(false);
    expect(matches(mine, { ...filter, text: '漏水 电梯' }, 'me', T0, '第一单元')).toBe(false);
    expect(matches(mine, { ...filter, overdue: true }, 'me', T0 + 11 * MINUTE, '第一单元')).toBe(true);
  });
});

describe('door', () => {
  it.each([
    ['3-1-501', '3', '1', '501'],
    ['3幢1单元501', '3', '1', '501'],
    ['三号楼二单元五〇一室', '3', '2', '501'],
    ['十二栋 1门 ３０２户', '12', '1', '302'],
    ['3幢501', '3', '', '501'],
  ])('reads %s', (text, building, stair, door) => {
    expect(doorRead(text)).toEqual({ building, stair, door });
  });
  it.each(['', '501', '海云路 3 号', '3-1-501-2', '3-1-'])('does not take %s for a door', (text) => {
    expect(doorRead(text)).toBeNull();
  });
});

describe('suggestion', () => {
  it('looks first for what may cost a life', () => {
    expect(suggestCategory('老人吃了药以后昏迷了')).toBe('MED1');
    expect(suggestCategory('降压药吃完了')).toBe('MED2');
    expect(suggestCategory('天气真好')).toBeNull();
  });
});

describe('first password', () => {
  it('has four groups, no signs that look alike, and is never the same', () => {
    const made = Array.from({ length: 200 }, passwordMake);
    for (const p of made) expect(p).toMatch(/^([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}$/);
    expect(new Set(made).size).toBe(made.length);
  });
});
