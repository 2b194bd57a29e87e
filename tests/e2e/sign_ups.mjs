// Sign-ups with two phones and a desk: opened in the console, entered at home, full, a place in line, one leaves and the
// next moves up; closed. Every page in both languages, on the phone and in elder mode, with axe. Prints TAP.
import assert from 'node:assert/strict';
import { axe, check, desk, finish, home, settled, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const secretary = world.demo.logins.find((l) => l.role === 'secretary');
const [first, second] = world.demo.doors;
const staff = new Staff(world);
await staff.signIn(secretary.login, secretary.password);
const faults = [];

const office = await desk(browser, world, secretary);
const phones = [await home(browser, world, first, '示例居民甲'), await home(browser, world, second, '示例居民乙')];
const [one, two] = phones.map((p) => p.page);

await check('what is missing is said at its field, then the list is open', async () => {
  const { page } = office;
  await page.goto('/console/#/sign-ups');
  await page.getByRole('button', { name: '新接龙' }).click();
  await page.getByRole('button', { name: '开始接龙' }).click();
  await page.getByText('请写标题').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'title');
  await page.fill('input[name=title]', '周六上午领蔬菜包');
  await page.fill('textarea[name=text]', '小区东门，带好口罩和袋子');
  await page.fill('input[name=capacity]', '1');
  await page.getByRole('button', { name: '开始接龙' }).click();
  await page.waitForURL(/#\/sign-ups\/.+/);
  await page.getByText('还没有人报名').waitFor();
});

await check('the home page says that there is something, the first tap is in', async () => {
  await one.reload();
  await one.getByText('1 个接龙可以报名').click();
  await one.getByRole('button', { name: '我要报名' }).click();
  await one.getByText('已报上，第 1 位').waitFor();
  await shot(one, 'sign-ups-in');
});

await check('the second has a place in line, and the desk sees both at once', async () => {
  await two.goto('/#/sign-ups');
  await two.waitForSelector('.sign-up');
  await two.getByRole('button', { name: '排队候补' }).click();
  await two.getByText('候补中，前面还有 0 位').waitFor();
  await office.page.locator('tbody tr').nth(1).waitFor();
  await office.page.getByText('已报 1 / 1 · 候补 1').waitFor();
  await shot(office.page, 'sign-ups-desk');
});

await check('without network a tap says that nothing was sent, and takes no place', async () => {
  const third = await home(browser, world, world.demo.doors[2], '示例居民丙');
  await third.page.goto('/#/sign-ups');
  await third.page.getByRole('button', { name: '排队候补' }).waitFor();
  await third.context.setOffline(true);
  await third.page.getByRole('button', { name: '排队候补' }).click();
  await third.page.getByText('没有发出').waitFor();
  await third.context.setOffline(false);
  assert.equal(await office.page.locator('tbody tr').count(), 2);
  faults.push(...third.faults);
  await third.context.close();
});

await check('who is in leaves, and the neighbour moves up', async () => {
  await one.getByRole('button', { name: '取消报名' }).click();
  await one.locator('dialog').getByRole('button', { name: '取消报名' }).click();
  await one.getByRole('button', { name: '排队候补' }).or(one.getByRole('button', { name: '我要报名' })).waitFor();
  await two.getByText('已报上，第 2 位').waitFor();
});

await check('a closed list takes nobody', async () => {
  const { page } = office;
  await page.getByRole('button', { name: '立即截止' }).click();
  await page.locator('dialog').getByRole('button', { name: '立即截止' }).click();
  await page.getByText('已截止').first().waitFor();
  await one.reload();
  await settled(one);
  await one.getByText('已截止').waitFor();
  assert.equal(await one.getByRole('button', { name: '我要报名' }).count(), 0);
});

await staff.call('POST', '/api/v1/sign-ups', { title: '招募测温志愿者', text: '周日 8 点，小区门口', per: 'household', capacity: 12, entry_max: 3, closes_at: new Date(Date.now() + 3_600_000).toISOString() });
for (const [language, name] of [['zh-CN', 'zh'], ['en', 'en']]) {
  await check(`${name}: the pages have no violation, on phone, in elder mode and at the desk`, async () => {
    for (const page of [one, office.page]) {
      await page.evaluate((l) => localStorage.setItem('dy.language', l), language);
      await page.goto('about:blank');
    }
    await staff.call('PATCH', '/api/v1/me', { language }).catch(() => undefined);
    for (const elder of [false, true]) {
      await one.goto('/#/sign-ups');
      await one.waitForSelector('.sign-up');
      await one.evaluate((on) => document.documentElement.toggleAttribute('data-elder', on), elder);
      assert.deepEqual(await axe(one), []);
      assert.ok(await one.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the phone');
      await shot(one, `sign-ups-${name}${elder ? '-elder' : ''}`);
    }
    await office.page.goto('/console/#/sign-ups');
    await office.page.waitForSelector('.sign-up-list');
    assert.deepEqual(await axe(office.page, { aaa: false }), []);
    await shot(office.page, `sign-ups-desk-${name}`);
    await office.page.locator('.sign-up-title').last().click();
    await office.page.waitForSelector('tbody tr');
    assert.deepEqual(await axe(office.page, { aaa: false }), []);
    await office.page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await axe(office.page, { aaa: false }), []);
    await shot(office.page, `sign-ups-desk-${name}-360`);
    await office.page.setViewportSize({ width: 1366, height: 768 });
  });
}

await check('no error in any console', async () => {
  for (const p of [office, ...phones]) faults.push(...p.faults);
  assert.deepEqual(faults, []);
});
await browser.close();
await world.stop();
finish();
