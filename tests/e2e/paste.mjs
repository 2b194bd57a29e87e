// Group chat in the console, by keyboard alone: paste, confirm, merge, dismiss, edit, undo, copy the reply; then the same block
// again. Both languages, desk and phone, with axe. Prints TAP.
import assert from 'node:assert/strict';
import { axe, check, finish, open, settled, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const leader = world.demo.logins.find((l) => l.role === 'leader') ?? world.demo.logins[0];
const staff = new Staff(world);
await staff.signIn(leader.login, leader.password);
const faults = [];
const CHAT = `1-1-101王阿姨: 早上好大家
1-1-101王阿姨: 我家里没米了，能帮忙买一袋吗
小李: 好的
1-1-201小陈: 电梯停了，一直不动
1-1-301老何: 楼上半夜拖椅子，吵得睡不着
1-1-201小陈: 谢谢
路人: 谁家有退烧药，孩子发烧了`;

async function desk(more = {}) {
  const one = await open(browser, world, { phone: false, audit: true, ...more });
  const { page } = one;
  const asked = page.waitForResponse((r) => r.url().endsWith('/api/v1/communities'));
  await page.goto('/console/');
  await asked;
  await page.waitForTimeout(100);
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
  await page.fill('input[name=login]', leader.login);
  await page.fill('input[name=password]', leader.password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
  await page.goto('/console/#/paste');
  await page.waitForSelector('textarea[name=chat]');
  return one;
}

/* a neighbour's report of the lift is there already */
const lift = await staff.call('POST', '/api/v1/requests', { category: 'REPR', text: '电梯坏了', door: '1-1-301', channel: 'phone' });

const office = await desk();
const { page } = office;
const states = () => page.locator('.proposal').evaluateAll((all) => all.map((a) => a.className.replace(/proposal|current/g, '').trim()));

await check('nothing pasted is said at the field; a block is read by Ctrl+Enter and its first proposal has the focus', async () => {
  await page.getByRole('button', { name: '找出诉求' }).click();
  await page.getByText('请先粘贴群里的消息').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'chat');
  await page.fill('textarea[name=chat]', CHAT);
  await page.keyboard.press('Control+Enter');
  await page.getByText('读了 7 行，找到 4 条诉求').first().waitFor();
  assert.deepEqual(await states(), ['open', 'open', 'open', 'open']);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'LI');
  await settled(page);
  await shot(page, 'paste-desk');
  faults.push(...(await axe(page, { aaa: false })));
});

await check('Enter confirms, m merges into what the neighbours reported, x dismisses, each with one key', async () => {
  await page.keyboard.press('Enter');
  await page.locator('.proposal.done').waitFor();
  await page.keyboard.press('m');
  await page.locator('.proposal.merged').waitFor();
  await page.keyboard.press('x');
  assert.deepEqual(await states(), ['done', 'merged', 'dismissed', 'open']);
  const reply = await page.locator('.paste-reply textarea').inputValue();
  assert.match(reply, new RegExp(`^1-1-101 已登记 \\d{4}-\\d{3}\\n1-1-201 已并入 ${lift.number}$`));
});

await check('what has no door asks for one, and is edited by keyboard', async () => {
  await page.keyboard.press('Enter');
  const door = page.locator('input[name=door]');
  await door.waitFor();
  await page.waitForFunction(() => document.activeElement.name === 'door');
  await page.keyboard.type('1-1-301');
  await page.keyboard.press('Enter');
  await page.locator('.proposal.done').nth(1).waitFor();
  assert.match(await page.locator('.paste-reply textarea').inputValue(), /1-1-301 已登记/);
});

await check('u takes back: a dismissed one at once, a registered one by withdrawing it', async () => {
  await page.locator('.paste-list > li').nth(2).focus();
  await page.keyboard.press('u');
  await page.locator('.proposal.open').waitFor();
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await page.keyboard.press('u');
  await page.waitForFunction(() => document.querySelectorAll('.proposal.open').length === 2);
  assert.deepEqual(await states(), ['open', 'merged', 'open', 'done']);
  const board = await staff.call('GET', '/api/v1/requests?view=board&limit=500');
  assert.ok(!board.items.some((r) => r.text.includes('没米了')), 'withdrawn');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.proposal.open').length === 1);
});

await check('the reply is copied or selected, and says so', async () => {
  await page.getByRole('button', { name: '复制回复' }).click();
  await page.locator('[role=status]', { hasText: /已复制|已选中/ }).first().waitFor({ state: 'attached' });
});

await check('the same block again is registered already', async () => {
  await page.getByRole('button', { name: '换一段' }).click();
  await page.fill('textarea[name=chat]', CHAT);
  await page.getByRole('button', { name: '找出诉求' }).click();
  await page.locator('.proposal').first().waitFor();
  assert.deepEqual((await states()).slice(0, 3), ['registered', 'registered', 'open']);
});

const phone = await desk({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
await check('on a phone of 360 px nothing hangs over, in both languages', async () => {
  const { page: small } = phone;
  await shot(small, 'paste-phone-empty');
  await small.fill('textarea[name=chat]', CHAT);
  await small.getByRole('button', { name: '找出诉求' }).click();
  await small.locator('.proposal').first().waitFor();
  await settled(small);
  await shot(small, 'paste-phone');
  for (const name of ['English', null]) {
    if (name) await small.getByRole('button', { name }).first().click().catch(() => {});
    assert.equal(await small.evaluate(() => document.documentElement.scrollWidth), 360);
    faults.push(...(await axe(small, { aaa: false })));
  }
  await small.screenshot({ path: `${process.env.DY_SHOTS ?? 'build/shots'}/paste-phone-whole.png`, fullPage: true }).catch(() => {});
});

await check('no violation, no error of a page', async () => {
  assert.deepEqual(faults, []);
  assert.deepEqual([...office.faults, ...phone.faults], []);
});

await browser.close();
await world.stop();
finish();
