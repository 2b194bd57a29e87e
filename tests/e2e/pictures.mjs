// The pictures of README.md, taken over the generated demo community: node tests/e2e/pictures.mjs (after ./dev build).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { joinAs, open, root, settled, Staff, startBrowser, startWorld } from './harness.mjs';

const folder = join(root, 'docs/img');
mkdirSync(folder, { recursive: true });
const world = await startWorld();
const browser = await startBrowser();
try {
  const login = (role) => world.demo.logins.find((l) => l.role === role);
  const captain = new Staff(world);
  await captain.signIn(login('captain').login, login('captain').password);
  const { page } = await open(browser, world, { deviceScaleFactor: 1.5 });
  const picture = async (what, name) => {
    await settled(what);
    await what.waitForTimeout(400);
    await what.screenshot({ path: join(folder, `${name}.png`) });
  };

  await joinAs(page, world.demo.doors[0], '示例居民');
  await page.waitForSelector('.actions');
  await page.click('.action.main');
  await page.waitForSelector('.kinds');
  await picture(page, 'report');
  await page.check('input[value=DELV]', { force: true });
  await page.click('form button[type=submit]');
  await page.fill('textarea', '昨天的米送到隔壁楼了，家里只剩一顿的量。');
  await page.click('form button[type=submit]');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.receipt');
  await page.click('main a.main');
  await page.waitForSelector('.timeline');
  const id = page.url().split('/').pop();
  await captain.act(id, { act: 'claim' });
  await captain.act(id, { act: 'answer', text: '找到了，半小时内送上门。' });
  await captain.act(id, { act: 'start' });
  await page.locator('.timeline').getByText('开始处理').waitFor();
  await picture(page, 'progress');
  await captain.act(id, { act: 'finish', text: '已送到门口。' });
  await page.waitForSelector('.asked');
  await page.goto('/#/');
  await page.waitForSelector('.request');
  await picture(page, 'home');

  const desk = await open(browser, world, { phone: false });
  await desk.page.goto('/console/');
  await desk.page.fill('input[name=login]', login('secretary').login);
  await desk.page.fill('input[name=password]', login('secretary').password);
  await desk.page.click('form button[type=submit]');
  await desk.page.getByRole('heading', { name: '诉求看板' }).first().waitFor();
  await desk.page.waitForTimeout(1500);
  await picture(desk.page, 'board');
} finally {
  await browser.close();
  await world.stop();
}
