// Intake in a browser: the code on the stair without an account, what neighbours reported, the phone and a pile of paper by
// keyboard alone, confirming, several needs, cards with household codes, the plain pages. Prints TAP; shots in build/shots.
import assert from 'node:assert/strict';
import { axe, check, finish, joinAs, open, settled, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const faults = [];
const staff = new Staff(world);
const login = (role) => world.demo.logins.find((l) => l.role === role);
await staff.signIn(login('secretary').login, login('secretary').password);
const doors = world.demo.doors;
const [door] = doors;
const neighbour = doors.find((d) => d.url_path === door.url_path && d.door !== door.door);
const token = door.url_path.slice(3);

async function clean(page, name, options) {
  assert.deepEqual(await axe(page, options), [], `${name}: accessibility`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits its width`);
}

async function withoutAccount() {
  const phone = await open(browser, world, { audit: true });
  faults.push(...phone.faults);
  const { page } = phone;
  let id = '';
  await check('the page of the code offers to report without an account', async () => {
    await page.goto(door.url_path);
    await page.getByRole('link', { name: '不登录，直接报事' }).click();
    await page.waitForURL(/#\/door\//);
    await page.waitForSelector('textarea[name=text]');
    await clean(page, 'door report');
  });
  await check('what is missing is said at its field', async () => {
    await page.getByRole('button', { name: '发送' }).click();
    assert.ok(await page.locator('textarea[aria-invalid]').evaluate((e) => e === document.activeElement));
    await page.fill('textarea[name=text]', '家里没有米了');
    await page.fill('input[name=door]', '9999');
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByRole('alert').filter({ hasText: '没有这个门牌' }).waitFor();
  });
  await shot(page, 'door-report');
  await check('it ends with number, call-back code and the page to follow it', async () => {
    await page.fill('input[name=door]', door.door);
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByText('已发给本单元的工作人员').waitFor();
    assert.match(await page.locator('.door-code').innerText(), /^\d{4}$/);
    await clean(page, 'door receipt');
    await shot(page, 'door-receipt');
    await page.getByRole('link', { name: '查看进度' }).click();
    await page.waitForURL(/#\/track\//);
    await page.getByText('等楼长核实').waitFor();
    await clean(page, 'track');
  });
  await check('the team works on it, and it is confirmed by the link alone', async () => {
    const board = await staff.call('GET', '/api/v1/requests?view=board&limit=500');
    id = board.items.find((r) => r.channel === 'door' && !r.verified).id;
    await staff.call('POST', `/api/v1/requests/${id}/verify`, {});
    await staff.act(id, { act: 'claim' });
    await staff.act(id, { act: 'start' });
    await staff.act(id, { act: 'finish', text: '米放门口了' });
    await page.reload();
    await page.getByText('米放门口了').waitFor();
    await page.getByRole('button', { name: '办好了，结案' }).click();
    await page.getByText('不满意', { exact: true }).click();
    await page.getByRole('button', { name: '发出去' }).click();
    await page.getByRole('alert').filter({ hasText: '写一句原因' }).waitFor();
    await clean(page, 'track with a judgement');
    await shot(page, 'track');
    await page.fill('textarea[name=text]', '来得太晚');
    await page.getByRole('button', { name: '发出去' }).click();
    await page.locator('.muted').filter({ hasText: '不满意' }).waitFor();
    assert.equal((await staff.get(id)).state, 'closed');
  });
  await check('in English, in elder mode, it fits and reads as well', async () => {
    for (const [language, elder] of [['en', false], ['zh-CN', true]]) {
      const more = await open(browser, world, { audit: true, locale: language });
      faults.push(...more.faults);
      if (elder) await more.context.addInitScript(() => localStorage.setItem('dy.elder', '1'));
      await more.page.goto(`/#/door/${token}`);
      await more.page.waitForSelector('textarea[name=text]');
      await clean(more.page, `door report ${language} ${elder}`);
      if (!elder) assert.ok(await more.page.getByText('What is the matter').count());
      await more.context.close();
    }
  });
  await phone.context.close();
}

async function neighbours() {
  const first = await open(browser, world);
  const second = await open(browser, world, { audit: true });
  faults.push(...first.faults, ...second.faults);
  const report = async (page, text) => {
    await page.goto('/#/report');
    await page.waitForSelector('.kinds');
    await page.check('input[value=REPR]', { force: true });
    await page.click('form button[type=submit]');
    await page.fill('textarea', text);
    await page.click('form button[type=submit]');
  };
  await check('a fault that a neighbour reported is shown before it is sent, and followed with one tap', async () => {
    await joinAs(first.page, door, '示例甲');
    await first.page.waitForSelector('.actions');
    await report(first.page, '电梯停了，电话13800000000');
    await first.page.waitForSelector('#check');
    await first.page.click('form button[type=submit]');
    await first.page.getByText(/\d{4}-\d{3}/).first().waitFor();
    await joinAs(second.page, neighbour, '示例乙');
    await second.page.waitForSelector('.actions');
    await report(second.page, '电梯不动了');
    await second.page.getByText('邻居已经报过同样的事').waitFor();
    assert.equal(await second.page.getByText('13800000000').count(), 0);
    await clean(second.page, 'similar');
    await shot(second.page, 'similar');
    await second.page.getByRole('button', { name: '关注这件事' }).click();
    await second.page.waitForURL(/#\/requests\//);
    await second.page.getByText('这是邻居报的事').waitFor();
    await clean(second.page, 'followed');
    await second.page.goto('/#/requests');
    await second.page.getByRole('heading', { name: '我关注的' }).waitFor();
  });
  await first.context.close();
  await second.context.close();
}

async function desk() {
  const one = await open(browser, world, { phone: false, audit: true });
  faults.push(...one.faults);
  const { page } = one;
  await check('staff sign in', async () => {
    await page.goto('/console/');
    const who = login('secretary');
    await page.fill('input[name=login]', who.login);
    await page.fill('input[name=password]', who.password);
    const choice = page.locator('select[name=community]');
    if (await choice.count()) await choice.selectOption(world.demo.community.id);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
  });
  const doorCode = (await staff.call('GET', `/api/v1/doors?q=${encodeURIComponent('1-1')}`)).items[0].code;
  await check('scenario 1 at the desk: door, word, Enter; by keyboard alone, within a minute', async () => {
    await page.goto('/console/#/report');
    await page.waitForFunction(() => document.activeElement?.name === 'door');
    const began = Date.now();
    await page.keyboard.type(doorCode);
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('药');
    await page.getByText('系统判断：用药就医').waitFor();
    await clean(page, 'phone entry', { aaa: false });
    await shot(page, 'desk-phone');
    await page.keyboard.press('Enter');
    await page.getByText('请读给来电人听').waitFor();
    assert.ok(Date.now() - began < 60_000);
    assert.match(await page.locator('.receipt dl dd').nth(1).innerText(), /^\d{4}$/);
    await clean(page, 'phone receipt', { aaa: false });
    await shot(page, 'desk-receipt');
  });
  await check('a pile of paper: a line each, Enter to the next, one key saves all, each line its own verdict', async () => {
    await page.goto('/console/#/report/paper');
    await page.waitForFunction(() => document.activeElement?.dataset.cell === '0-door');
    for (const [where, words] of [[doorCode, '要一袋米'], ['9-9-999', '这个门不存在'], [doorCode, '水龙头坏了']]) {
      await page.keyboard.type(where);
      await page.keyboard.press('Enter');
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => document.querySelectorAll('tr.saved').length === 2 && document.querySelectorAll('tr.bad').length === 1);
    await clean(page, 'paper', { aaa: false });
    await shot(page, 'desk-paper');
    await page.waitForFunction(() => document.activeElement?.dataset.cell === '1-door');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(doorCode);
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => document.querySelectorAll('tr.saved').length === 3);
  });
  await check('what came in unverified is confirmed on its page, and one message is split into its needs', async () => {
    const answer = await fetch(`${world.url}/api/v1/door-links/${token}/reports`, {
      method: 'POST', headers: { Origin: world.url, 'Content-Type': 'application/json', 'Idempotency-Key': 'e2e-intake-split' },
      body: JSON.stringify({ door: door.door, text: '家里没米了，降压药也快没了，灯也坏了' }),
    });
    assert.equal(answer.status, 201);
    const { number } = await answer.json();
    const { id } = (await staff.call('GET', '/api/v1/requests?view=board&limit=500')).items.find((r) => r.number === number);
    await page.goto('/console/#/');
    await page.locator(`[data-id="${id}"]`).getByText('未核实').waitFor();
    await page.goto(`/console/#/requests/${id}`);
    await page.getByRole('button', { name: '核实属实' }).click();
    await page.getByRole('button', { name: '核实属实' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '拆成几件事' }).click();
    await page.getByRole('button', { name: '保存这几件' }).click();
    await page.getByRole('heading', { name: '要办的几件事' }).waitFor();
    assert.equal(await page.locator('.intake-needs > li').count(), 3);
    await clean(page, 'needs', { aaa: false });
    await shot(page, 'desk-needs');
    await page.getByRole('button', { name: '办好了' }).first().click();
    await page.locator('.intake-needs').getByText('办好', { exact: true }).waitFor();
    assert.equal((await staff.get(id)).open_needs, 2);
  });
  await check('cards with household codes: printed once, again only with new codes', async () => {
    await page.goto('/console/#/posters/cards');
    await page.locator('select[name=stair] option').nth(1).waitFor({ state: 'attached' });
    await page.locator('select[name=stair]').selectOption({ index: 1 });
    await page.getByRole('button', { name: '打印没发过的' }).click();
    await page.locator('.door-card').first().waitFor();
    const code = await page.locator('.door-card-code').first().innerText();
    await page.waitForFunction(() => [...document.querySelectorAll('.door-card img')].every((i) => i.complete && i.naturalWidth > 0));
    await clean(page, 'cards', { aaa: false });
    await shot(page, 'desk-cards');
    await page.locator('.cards-tools input[type=checkbox]').first().check();
    await page.getByRole('button', { name: '重印选中的' }).click();
    await page.getByRole('button', { name: '确定重印' }).click();
    await page.waitForFunction((old) => document.querySelectorAll('.door-card').length === 1 && document.querySelector('.door-card-code').textContent !== old, code);
  });
  await check('the poster page stands although a stair has no code', async () => {
    await page.goto('/console/#/posters');
    await page.locator('select[name=unit]').selectOption({ index: 1 });
    await page.locator('.poster').first().waitFor();
  });
  await one.context.close();
}

async function plain() {
  const phone = await open(browser, world, { audit: true, javaScriptEnabled: false });
  const reader = await open(browser, world, { audit: true });
  faults.push(...reader.faults);
  await check('the plain pages work without script, and are accessible', async () => {
    const { page } = phone;
    await page.goto(`/lite/q/${token}`);
    await page.locator('textarea').first().fill('楼道灯不亮，没有脚本的旧手机');
    await page.locator('form').first().getByRole('button').click();
    await page.waitForURL(/\/lite\/t\//);
    await page.getByText('等楼长核实').waitFor();
    await shot(page, 'lite-track');
    for (const path of [`/lite/q/${token}`, '/lite', new URL(page.url()).pathname]) {
      await reader.page.goto(path);
      await clean(reader.page, path);
    }
    await reader.page.goto(`/lite/q/${token}`);
    await shot(reader.page, 'lite-door');
  });
  await phone.context.close();
  await reader.context.close();
}

try {
  await withoutAccount();
  await neighbours();
  await desk();
  await plain();
  await check('no page reported an error', () => assert.deepEqual(faults, []));
} finally {
  await browser.close();
  await world.stop();
}
void settled;
finish();
