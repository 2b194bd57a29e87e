// Eight hours in the field without network: a captain's phone with a clock an hour fast, 500 edits through the board, a
// reload, a second tab, other people acting meanwhile. Back in the network every edit is there once, in order, and what could
// not be done is listed and decided. Then: residents' acts, storage that is full, signing out with edits unsent. Prints TAP.
import assert from 'node:assert/strict';
import { check, finish, joinAs, open, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const REQUESTS = 55;
const TAKEN = 5; // claimed by somebody else while the captain is away
const ROUNDS = 8; // answers for each
const SINGLE = 5; // and some one by one: 55 claims + 8 x 55 answers + 5 = 500
const EDITS = REQUESTS * (1 + ROUNDS) + SINGLE;
const SKEW_MS = 3_600_000;
const SYNC_MS = Number(process.env.DY_SYNC_MS ?? 240_000);
const MARK = '离线测试';

const world = await startWorld({ args: ['--unlimited'] }); // the limits of writing have tests of their own
const browser = await startBrowser();
const login = (role) => world.demo.logins.find((l) => l.role === role);
const captain = login('captain');
const staff = new Staff(world);
const faults = [];

/** The device's clock, wrong by what the test says; kept over reloads and for every tab. */
function skewed() {
  const Real = Date;
  const skew = () => Number(localStorage.getItem('test.skew') ?? 0);
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length === 0) super(Real.now() + skew());
      else super(...args);
    }
    static now() { return Real.now() + skew(); }
  };
}

async function choose(page) {
  await page.waitForSelector('input[name=login]');
  await page.waitForTimeout(300);
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
}

async function signIn(page) {
  await page.goto('/console/');
  await choose(page);
  await page.fill('input[name=login]', captain.login);
  await page.fill('input[name=password]', captain.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.rail');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
  await page.waitForSelector('.column-intake');
}

const waiting = (page) => page.evaluate(() => new Promise((done, fail) => {
  const asked = indexedDB.open('danyuan');
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const all = db.transaction('queue').objectStore('queue').getAll();
    all.onsuccess = () => { db.close(); done(all.result.map(({ key, lane, state, body, createdAt }) => ({ key, lane, state, body, createdAt }))); };
  };
}));

async function until(what, ms, fn) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await fn();
    if (value) return value;
    assert.ok(Date.now() < end, `${what}: not within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** All cards of the marked requests selected, one act on them, and past the seconds in which it can be undone. */
async function bulk(page, act, text) {
  const before = (await waiting(page)).length;
  await page.waitForFunction((n) => document.querySelectorAll('.card-select input').length >= n, REQUESTS);
  await page.evaluate(() => document.querySelectorAll('.card-select input:not(:checked)').forEach((box) => box.click()));
  await page.locator(`.bulk [data-act=${act}]`).click();
  if (text) {
    await page.fill('textarea[name=bulk-text]', text);
    await page.locator('dialog[open] button[type=submit]').click();
  }
  await until('all are stored', 20_000, async () => (await waiting(page)).length === before + REQUESTS);
}

const requests = [];
const others = [];

async function prepare() {
  await staff.signIn(login('secretary').login, login('secretary').password);
  const me = new Staff(world);
  await me.signIn(captain.login, captain.password);
  const session = await me.call('GET', '/api/v1/session');
  const unit = session.posts.find((p) => p.scope_kind === 'unit').scope_id;
  const places = await staff.call('GET', '/api/v1/places');
  const stair = places.stairs.find((s) => s.unit_id === unit);
  const [door] = (await staff.call('GET', `/api/v1/stairs/${stair.id}/doors`)).items;
  for (let n = 0; n < REQUESTS; n += 1) {
    requests.push(await staff.call('POST', '/api/v1/requests', { category: 'INFO', text: `${MARK} ${n}`, door_id: door.id }));
  }
  others.push(...requests.slice(0, TAKEN));
}

async function field() {
  const desk = await open(browser, world, { phone: false });
  const { page, context } = desk;
  await context.addInitScript(skewed);

  await check('the console is opened once with network, by a device whose clock is an hour fast', async () => {
    await page.goto('/console/');
    await page.evaluate((ms) => localStorage.setItem('test.skew', String(ms)), SKEW_MS);
    await signIn(page);
    await page.goto(`/console/#/?q=${encodeURIComponent(MARK)}`);
    await page.waitForFunction((n) => document.querySelectorAll('.card').length === n, REQUESTS);
    assert.ok(await page.evaluate(() => Date.now()) - Date.now() > SKEW_MS - 60_000, 'the clock is not wrong');
    await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active.state));
    await page.waitForFunction(async () => (await caches.keys()).some((n) => n.startsWith('dy-console-')));
    await page.waitForTimeout(1500);
  });

  await context.setOffline(true);
  await check('55 claims at once, held, undone, and done again', async () => {
    await bulk(page, 'claim');
    await page.locator('.bulk-results').getByRole('button', { name: /撤销/ }).click();
    await page.waitForFunction((n) => document.querySelectorAll('.bulk-results [data-verdict=back]').length === n, REQUESTS);
    assert.equal((await waiting(page)).length, 0);
    await bulk(page, 'claim');
    assert.equal((await waiting(page)).length, REQUESTS);
  });
  await check('a reload without network opens the console with the board as it was, its age, and what waits', async () => {
    await page.reload();
    await page.waitForSelector('.kept-note');
    assert.match(await page.locator('.kept-note').innerText(), /现在没有网络.*数据，已过/s);
    await page.waitForFunction((n) => document.querySelectorAll('.column-working .card').length === n, REQUESTS);
    assert.equal(await page.locator('.bar-unsent').innerText(), `待发 ${REQUESTS}`);
  });
  await shot(page, 'console-offline');

  const second = await context.newPage();
  await check('a second tab shows and adds to the same', async () => {
    await second.goto(`/console/#/?q=${encodeURIComponent(MARK)}`);
    await second.waitForSelector('.kept-note');
    for (let n = 0; n < ROUNDS; n += 1) await bulk(n % 2 === 0 ? second : page, 'answer', `${MARK} 第 ${n + 1} 次回复`);
    await page.bringToFront();
    assert.equal((await waiting(page)).length, REQUESTS * (1 + ROUNDS));
  });
  await check('one by one on the page of a request, as it is known here', async () => {
    for (const r of requests.slice(TAKEN, TAKEN + SINGLE)) {
      await page.goto(`/console/#/requests/${r.id}`);
      await page.locator('.request-head').getByText(r.number).waitFor().catch(async (fault) => { throw new Error(`${fault.message}\n${await page.locator('main').innerText()}`); });
      await page.getByRole('button', { name: '回复', exact: true }).click();
      await page.fill('.act-form textarea', `${MARK} 最后一句`);
      const before = (await waiting(page)).length;
      await page.getByRole('button', { name: '提交：回复' }).click();
      await until('it is stored', 20_000, async () => (await waiting(page)).length > before);
    }
    assert.equal((await waiting(page)).length, EDITS);
  });
  await check('the list says when each was done, by the server’s clock', async () => {
    await page.goto('/console/#/unsent');
    await page.waitForSelector('.unsent-item');
    await page.getByText(/这台设备的时钟快了/).waitFor();
    const all = await waiting(page);
    const now = Date.now();
    for (const i of all) assert.ok(i.createdAt <= now + 3000 && i.createdAt > now - 900_000, `${new Date(i.createdAt).toISOString()} against ${new Date(now).toISOString()}`);
  });
  await shot(page, 'console-unsent');

  for (const r of others) await staff.act(r.id, { act: 'claim' }); // meanwhile in the office
  await check(`back in the network ${EDITS} edits go out from two tabs at once`, async () => {
    const from = Date.now();
    await context.setOffline(false);
    const left = await until('the edits are sent', SYNC_MS, async () => {
      const all = await waiting(page);
      return all.length <= TAKEN * (1 + ROUNDS) && all.filter((i) => i.state === 'conflict').length === TAKEN && all;
    });
    console.log(`# ${EDITS - left.length} edits in ${((Date.now() - from) / 1000).toFixed(1)} s`);
    assert.equal(left.length, TAKEN * (1 + ROUNDS));
  });
  await check('0 lost, 0 doubled, in the order they were done', async () => {
    for (const [n, r] of requests.entries()) {
      const entries = (await staff.call('GET', `/api/v1/requests/${r.id}/entries`)).items.filter((e) => e.actor_name !== '' && e.act !== 'report');
      const mine = entries.filter((e) => e.text.startsWith(MARK) || e.act === 'claim').map((e) => e.text || e.act);
      const answers = Array.from({ length: ROUNDS }, (_, k) => `${MARK} 第 ${k + 1} 次回复`);
      const last = n >= TAKEN && n < TAKEN + SINGLE ? [`${MARK} 最后一句`] : [];
      assert.deepEqual(mine, n < TAKEN ? ['claim'] : ['claim', ...answers, ...last], r.number);
    }
  });
  await check('the conflicts are listed with what is there now, and can be decided', async () => {
    await page.goto('/console/#/unsent');
    await page.waitForFunction((n) => document.querySelectorAll('.unsent-item[data-state=conflict]').length === n, TAKEN);
    const first = page.locator('.unsent-item[data-state=conflict]').first();
    assert.match(await first.innerText(), /有人先改过了[\s\S]*“接单”/);
    for (let n = 0; n < TAKEN; n += 1) {
      await page.locator('.unsent-item[data-state=conflict]').first().getByRole('button', { name: '不要这条' }).click();
      await page.waitForFunction((left) => document.querySelectorAll('.unsent-item[data-state=conflict]').length === left, TAKEN - n - 1);
    }
    // the claim is given up; what was to be said is said all the same
    await until('the rest is sent', SYNC_MS, async () => (await waiting(page)).length === 0);
    for (const r of others) {
      const said = (await staff.call('GET', `/api/v1/requests/${r.id}/entries`)).items.filter((e) => e.text.startsWith(`${MARK} 第`));
      assert.equal(said.length, ROUNDS, r.number);
      assert.notEqual((await staff.get(r.id)).owner.name, '', 'its owner stays');
    }
  });
  await second.close();
  faults.push(...desk.faults);
  return desk;
}

async function leaving({ page, context }) {
  await check('signing out with something unsent asks first; it is kept for its owner and sent at the next sign-in', async () => {
    await page.goto('/console/#/');
    await page.waitForSelector('.column-working');
    const r = requests[TAKEN + SINGLE];
    await page.goto(`/console/#/requests/${r.id}`);
    await page.locator('.timeline').waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: '回复', exact: true }).click();
    await page.fill('.act-form textarea', `${MARK} 走之前`);
    await page.getByRole('button', { name: '提交：回复' }).click();
    await page.locator('.bar-unsent').waitFor();
    await page.getByRole('button', { name: '退出', exact: true }).click();
    await page.getByRole('dialog').getByText('还有 1 项操作没有发出').waitFor();
    await page.keyboard.press('Escape');
    // the network is back for signing out only: acts do not get through
    await context.route('**/acts', (route) => route.abort());
    await context.setOffline(false);
    await page.getByRole('button', { name: '退出', exact: true }).click();
    await page.getByRole('button', { name: '退出，留在本机' }).click();
    await page.waitForSelector('input[name=login]');
    assert.equal((await waiting(page)).length, 1);
    await context.unroute('**/acts');
    await signIn(page);
    await until('it is sent', 30_000, async () => (await waiting(page)).length === 0);
    const entries = (await staff.call('GET', `/api/v1/requests/${r.id}/entries`)).items;
    assert.equal(entries.filter((e) => e.text === `${MARK} 走之前`).length, 1);
  });
  await check('storage that is full is said, and what waits is sent all the same', async () => {
    const r = requests[TAKEN + SINGLE + 1];
    await page.goto(`/console/#/requests/${r.id}`);
    await page.locator('.timeline').waitFor();
    await page.evaluate(() => { IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; });
    await context.setOffline(true);
    await page.getByRole('button', { name: '回复', exact: true }).click();
    await page.fill('.act-form textarea', `${MARK} 存不下`);
    await page.getByRole('button', { name: '提交：回复' }).click();
    await page.locator('.bar-unsent').click();
    await page.getByRole('alert').filter({ hasText: '存储空间已满' }).waitFor();
    await context.setOffline(false);
    await until('it is sent', 30_000, async () => (await staff.call('GET', `/api/v1/requests/${r.id}/entries`)).items.filter((e) => e.text === `${MARK} 存不下`).length === 1);
  });
  await context.close();
}

async function resident() {
  const { page, context, faults: own } = await open(browser, world);
  await check('a resident adds a word without network; it is kept, listed, and sent once', async () => {
    await joinAs(page, world.demo.doors[0], '示例住户');
    await page.waitForSelector('.actions');
    const made = await page.evaluate(async (text) => {
      const answer = await fetch('/api/v1/requests', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `offline-test-${Math.random()}` }, body: JSON.stringify({ category: 'INFO', text }) });
      return answer.json();
    }, `${MARK} 住户`);
    await page.goto(`/#/requests/${made.id}`);
    await page.waitForSelector('.timeline');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await context.setOffline(true);
    await page.goto(`/#/requests/${made.id}/say`);
    await page.fill('textarea[name=text]', `${MARK} 补充`);
    await page.click('form button[type=submit]');
    await page.getByText('已存在这台手机上').waitFor();
    await page.goto('/#/unsent');
    await page.locator('.unsent-item').getByText(`${MARK} 补充`).waitFor();
    await context.setOffline(false);
    await until('it is sent', 30_000, async () => (await waiting(page)).length === 0);
    const entries = (await staff.call('GET', `/api/v1/requests/${made.id}/entries`)).items;
    assert.equal(entries.filter((e) => e.text === `${MARK} 补充`).length, 1);
  });
  await shot(page, 'resident-unsent');
  faults.push(...own);
  await context.close();
}

try {
  await prepare();
  const desk = await field();
  await leaving(desk);
  await resident();
  await check('no page had an error or wrote one to the console', () => assert.deepEqual(faults, []));
} catch (fault) {
  await check('the story goes on to its end', () => { throw fault; });
} finally {
  await browser.close();
  await check('the program ends in its orderly way', () => world.stop());
  finish();
}
