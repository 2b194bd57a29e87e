// Cover and rules in a browser: scenario 3 (a captain falls ill, the deputy takes everything over in one act), the roster with
// its note, rules that are tried and published; both pages accessible on a desk and on a phone, in both languages. Prints TAP.
import assert from 'node:assert/strict';
import { axe, check, finish, open, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const login = (role) => world.demo.logins.find((l) => l.role === role);
const staff = {};
for (const role of ['secretary', 'manager', 'leader', 'captain', 'volunteer']) {
  staff[role] = new Staff(world);
  await staff[role].signIn(login(role).login, login(role).password);
}
const faults = [];

async function signIn(page, role) {
  await page.goto('/console/');
  await page.waitForResponse((r) => r.url().endsWith('/api/v1/communities')).catch(() => {});
  await page.waitForSelector('input[name=login]');
  await page.waitForTimeout(100);
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
  await page.fill('input[name=login]', login(role).login);
  await page.fill('input[name=password]', login(role).password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.rail');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
}

async function scenario3() {
  const places = await staff.secretary.call('GET', '/api/v1/places');
  const door = (await staff.secretary.call('GET', `/api/v1/stairs/${places.stairs[0].id}/doors`)).items[0];
  const captain = (await staff.captain.call('GET', '/api/v1/session')).account;
  const volunteer = (await staff.volunteer.call('GET', '/api/v1/session')).account;
  const unit = (await staff.captain.call('GET', '/api/v1/session')).posts[0].scope_id;
  await staff.secretary.call('POST', '/api/v1/posts', { account_id: volunteer.id, role: 'captain', scope_kind: 'unit', scope_id: unit, is_deputy: true });
  const open3 = [];
  for (const text of ['买菜', '拿药', '修灯']) {
    const r = await staff.leader.call('POST', '/api/v1/requests', { category: 'CARE', text, door_id: door.id });
    await staff.captain.act(r.id, { act: 'claim' });
    open3.push(r.id);
  }
  const desk = await open(browser, world, { phone: true });
  const { page } = desk;
  await signIn(page, 'manager');
  await page.goto('/console/#/cover');
  await page.waitForSelector('#cover-alarms');
  let id;
  await check('scenario 3: the alarm comes to the open page by itself, with the deputy and what is in hand', async () => {
    await page.waitForFunction(() => document.querySelectorAll('.cover .panel').length === 4);
    await page.waitForTimeout(500); // the live feed is open
    await staff.captain.call('POST', '/api/v1/absences', { reason: 'ill' });
    const alarm = page.locator('[data-alarm]').filter({ hasText: captain.name }).filter({ hasText: '3 件' });
    await alarm.waitFor();
    id = await alarm.getAttribute('data-alarm');
    assert.match(await alarm.innerText(), new RegExp(volunteer.name));
  });
  await shot(page, 'cover-alarm-phone');
  await check('scenario 3: one tap, and all open items have another owner', async () => {
    const started = Date.now();
    await page.locator(`[data-alarm="${id}"] button`).first().click();
    await page.locator(`[data-alarm="${id}"]`).waitFor({ state: 'detached' });
    for (const r of open3) assert.equal((await staff.leader.get(r)).owner.id, volunteer.id);
    assert.ok(Date.now() - started < 60_000);
  });
  await check('who is absent is listed, and is back with one tap', async () => {
    const row = page.locator('.cover-row').filter({ hasText: captain.name });
    await row.getByRole('button').click();
    await row.waitFor({ state: 'detached' });
  });
  await check('all that one person has in hand is handed over, and the count is told', async () => {
    await page.getByRole('button', { name: '全部交出' }).click();
    const picks = page.locator('[aria-labelledby=cover-over] .pick');
    for (const [i, name] of [volunteer.name, captain.name].entries()) {
      await picks.nth(i).locator('input').fill(name);
      await picks.nth(i).locator('.el-select-dropdown__item:visible').filter({ hasText: name }).first().click();
    }
    await page.getByRole('button', { name: '全部交出' }).click();
    await page.locator('[aria-labelledby=cover-over] [role=status]').filter({ hasText: '接过 3 件' }).waitFor();
    for (const r of open3) assert.equal((await staff.leader.get(r)).owner.id, captain.id);
  });
  faults.push(...desk.faults);
  await desk.context.close();
}

async function roster() {
  const desk = await open(browser, world, { phone: false });
  const { page } = desk;
  await signIn(page, 'secretary');
  await page.goto('/console/#/cover');
  await check('a duty is planned by name and place, and carries a note', async () => {
    await page.getByRole('button', { name: '排班', exact: true }).click();
    await page.getByRole('button', { name: '排班', exact: true }).click();
    await page.locator('.cover .dy-error, [aria-invalid=true]').first().waitFor();
    const pick = page.locator('[aria-labelledby=cover-roster] .pick');
    await pick.locator('input').fill('captain');
    await pick.locator('.el-select-dropdown__item:visible').first().click();
    await page.locator('select[name=scope]').selectOption({ label: '1号单元' });
    await page.locator('textarea[name=note]').fill('三楼要送药');
    await page.getByRole('button', { name: '排班', exact: true }).click();
    let duty = page.locator('[data-duty]').filter({ hasText: '三楼要送药' });
    await duty.waitFor();
    duty = page.locator(`[data-duty="${await duty.getAttribute('data-duty')}"]`); // its text changes
    await duty.getByRole('button', { name: /写交班说明/ }).click();
    await duty.locator('textarea').fill('药已送，灯还没修');
    await duty.getByRole('button', { name: '保存' }).click();
    await page.locator('[data-duty]').filter({ hasText: '灯还没修' }).waitFor();
  });
  await shot(page, 'cover-desk');
  faults.push(...desk.faults);
  await desk.context.close();
}

async function rules() {
  const desk = await open(browser, world, { phone: false });
  const { page } = desk;
  await signIn(page, 'secretary');
  await page.goto('/console/#/workflow');
  const care = page.locator('[data-code=CARE]');
  await care.waitFor();
  await check('rules: a change is marked, tried on what is open, and published with a note', async () => {
    await care.locator('summary').click();
    for (const which of [2, 3]) { // by day and by night: the test runs at any hour
      const close = care.locator('.due-input').nth(which);
      await close.locator('select').selectOption('d');
      await close.locator('input').fill('2');
      await close.locator('input').blur();
    }
    await care.locator('summary .chip').waitFor();
    await page.getByRole('button', { name: '试算', exact: true }).click();
    await page.locator('[role=status]').filter({ hasText: '件时限会变' }).waitFor();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.locator('input[name=note][aria-invalid=true]').waitFor();
    await shot(page, 'workflow-desk');
    await page.fill('input[name=note]', '照看放宽到两天');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.locator('.flow-versions li').filter({ hasText: '照看放宽到两天' }).waitFor();
    const flow = await staff.secretary.call('GET', '/api/v1/settings/workflow');
    assert.equal(flow.rules.categories.find((c) => c.code === 'CARE').modes.normal.close, '2 d');
  });
  await check('rules: what cannot be is refused at the category at fault', async () => {
    const life = page.locator('[data-code=MED1]');
    await life.locator('summary').click();
    await life.locator('.due-input select').first().selectOption('h');
    await page.getByRole('button', { name: '试算', exact: true }).click();
    const refusal = page.locator('.notice.bad');
    await refusal.waitFor();
    assert.match(await refusal.innerText(), /生命危险/);
  });
  faults.push(...desk.faults);
  await desk.context.close();
}

async function everybody() {
  for (const [phone, locale] of [[false, 'zh-CN'], [false, 'en'], [true, 'zh-CN'], [true, 'en']]) {
    const desk = await open(browser, world, { phone, locale, audit: true });
    const { page } = desk;
    await signIn(page, 'secretary');
    if ((await page.getAttribute('html', 'lang')) !== locale) await page.locator('.bar-button').first().click();
    await page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
    for (const [path, ready] of [['/cover', '#cover-roster'], ['/workflow', '[data-code=MED1]']]) {
      await page.goto(`/console/#${path}`);
      await page.waitForSelector(ready);
      await page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .empty[role=status]'));
      if (path === '/workflow') await page.locator('[data-code=FOOD] summary').click();
      await check(`accessible: ${path}, ${phone ? 'phone' : 'desk'}, ${locale}`, async () => {
        assert.deepEqual(await axe(page, { aaa: false }), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'no sideways scroll');
      });
      await shot(page, `${path.slice(1)}-${phone ? 'phone' : 'wide'}-${locale}`);
    }
    faults.push(...desk.faults.filter((f) => !/Content Security Policy/.test(f)));
    await desk.context.close();
  }
}

try {
  for (const part of [scenario3, roster, rules, everybody]) {
    try {
      await part();
    } catch (fault) {
      await check(`${part.name}: to its end`, () => { throw fault; });
    }
  }
  await check('no page reported an error', () => assert.deepEqual(faults, []));
} finally {
  await browser.close();
  await check('the program ends well', () => world.stop());
}
finish();
