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

  const secretary = new Staff(world);
  await secretary.signIn(login('secretary').login, login('secretary').password);
  const { units } = await secretary.call('GET', '/api/v1/places');
  const notice = await secretary.call('POST', '/api/v1/notices', {
    status: 'actual', msg_type: 'alert', category: 'health', urgency: 'expected', severity: 'moderate', certainty: 'likely', wants_confirm: true,
    headline: '明早 8 点核酸检测', description: '地点：小区东门。', instruction: '请带身份证，戴好口罩，按楼栋顺序排队。',
    expires_at: new Date(Date.now() + 86_400_000).toISOString(), areas: units.slice(0, 3).map((u) => ({ kind: 'unit', id: u.id })),
  });
  await desk.page.goto(`/console/#/notices/${notice.id}`);
  await desk.page.locator('.missing-home').first().waitFor();
  await picture(desk.page, 'notice');
  await secretary.call('POST', '/api/v1/sign-ups', {
    title: '周六上午领蔬菜包', text: '小区东门，带好口罩和袋子', per: 'household', capacity: 60, entry_max: 2, closes_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await page.goto('/#/sign-ups');
  await page.waitForSelector('.sign-up');
  await picture(page, 'sign-ups');
} finally {
  await browser.close();
  await world.stop();
}
