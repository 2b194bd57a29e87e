// Notices with two phones and a desk: written with a preview, read and confirmed at home, doors shared out and ticked off, updated,
// cancelled, checked by a stranger. Every page in both languages, on the phone and in elder mode, with axe. Prints TAP.
import assert from 'node:assert/strict';
import { axe, check, desk, finish, home, open, settled, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const secretary = world.demo.logins.find((l) => l.role === 'secretary');
const staff = new Staff(world);
await staff.signIn(secretary.login, secretary.password);
const faults = [];
const office = await desk(browser, world, secretary);
const one = await home(browser, world, world.demo.doors[0], '示例居民甲');
const { page } = office;
let id = '';

await check('a template leaves nothing unfilled, and who gets it is shown before', async () => {
  await page.goto('/console/#/notices');
  await page.getByRole('link', { name: '发通知' }).click();
  await page.selectOption('.notice-form select >> nth=0', 'testing');
  await page.getByText(/将发给 \d+ 户/).waitFor();
  await page.getByRole('button', { name: '发出' }).click();
  await page.getByText(/没填的 日期/).waitFor();
  await page.fill('input[name=headline]', '明早 8 点核酸检测');
  await page.fill('textarea[name=description]', '地点：小区东门。');
  await page.check('input[name=confirm]');
  await page.getByRole('button', { name: '发出' }).click();
  await page.waitForURL(/#\/notices\/[0-9a-z]{13}$/);
  id = page.url().split('/').pop();
  await page.getByText(/应知 \d+ 户 · 已读 0/).waitFor();
});

await check('it is on the home page at once, is read by being opened, and confirmed', async () => {
  await one.page.locator('.news').getByText('明早 8 点核酸检测').click();
  await one.page.getByRole('button', { name: '我已知晓' }).waitFor();
  await page.getByText(/已读 1/).waitFor();
  await shot(one.page, 'notice');
  await one.page.getByRole('button', { name: '我已知晓' }).click();
  await one.page.getByText('已确认').waitFor();
  await page.getByText(/已确认 1/).waitFor();
});

await check('the doors that are left are shared out and ticked off', async () => {
  await page.selectOption('.missing select', { index: 1 });
  await page.getByRole('button', { name: '分给这些人' }).click();
  const said = page.getByText(/已分好 \d+ 户/);
  await said.waitFor();
  const shared = Number(/\d+/.exec(await said.innerText())[0]);
  // the list of the whole community may still stand there: wait for the unit's own
  const homes = (n) => page.waitForFunction((want) => document.querySelectorAll('.missing-home').length === want, n);
  await homes(shared);
  await shot(page, 'notice-desk');
  await page.locator('.missing-home').first().getByRole('button', { name: '已告知' }).click();
  await homes(shared - 1);
});

await check('an update takes its place, at home too; a stranger sees that the old paper holds no more', async () => {
  await page.getByRole('link', { name: '更新' }).click();
  await page.waitForFunction(() => document.querySelector('input[name=headline]')?.value !== '');
  await page.fill('input[name=headline]', '核酸检测改到 10 点');
  await page.getByText(/将发给 \d+ 户/).waitFor();
  await page.getByRole('button', { name: '发出' }).click();
  await page.waitForURL((url) => /#\/notices\/[0-9a-z]{13}$/.test(url.hash ? url.href : '') && !url.href.endsWith(id));
  const old = await staff.call('GET', `/api/v1/notices/${id}`);
  await one.page.goto('/#/notices');
  await one.page.getByText('已更新').waitFor();
  const stranger = await open(browser, world, { audit: true });
  await stranger.page.goto(`/n/${world.demo.community.id}/${old.code}`);
  await stranger.page.getByText('是真的').waitFor();
  await stranger.page.getByText('这条通知已被新通知代替').waitFor();
  assert.deepEqual(await axe(stranger.page), []);
  await shot(stranger.page, 'notice-check');
  await stranger.page.goto(`/n/${world.demo.community.id}/AAAAAAAA`);
  await stranger.page.reload();
  await stranger.page.getByText('不是本社区发的').waitFor();
  faults.push(...stranger.faults);
  await stranger.context.close();
});

await check('cancelled, it says so everywhere', async () => {
  await page.getByRole('button', { name: '取消通知' }).click();
  await page.locator('dialog').getByRole('button', { name: '取消通知' }).click();
  await one.page.goto('/');
  await one.page.goto('/#/notices');
  await one.page.locator('.notice-row', { hasText: '核酸检测改到' }).getByText(/已取消/).first().waitFor();
});

for (const [language, name] of [['zh-CN', 'zh'], ['en', 'en']]) {
  await check(`${name}: the pages have no violation, on phone, in elder mode and at the desk`, async () => {
    for (const p of [one.page, page]) {
      await p.evaluate((l) => localStorage.setItem('dy.language', l), language);
      await p.goto('about:blank');
    }
    await staff.call('PATCH', '/api/v1/me', { language });
    for (const elder of [false, true]) {
      for (const path of ['/notices', `/notices/${id}`, '/']) {
        await one.page.goto(`/#${path}`);
        await settled(one.page);
        await one.page.waitForTimeout(300);
        await one.page.evaluate((on) => document.documentElement.toggleAttribute('data-elder', on), elder);
        assert.deepEqual(await axe(one.page), [], path);
        assert.ok(await one.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the phone');
        await shot(one.page, `notices-${name}${elder ? '-elder' : ''}${path.length > 12 ? '-one' : path === '/' ? '-home' : ''}`);
      }
    }
    for (const path of ['/notices', '/notices/new', `/notices/${id}`]) {
      await page.goto(`/console/#${path}`);
      await page.waitForTimeout(700);
      assert.deepEqual(await axe(page, { aaa: false }), [], path);
      await shot(page, `notices-desk-${name}-${path.split('/').pop().slice(0, 7)}`);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.deepEqual(await axe(page, { aaa: false }), [], path);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than the phone`);
      await page.setViewportSize({ width: 1366, height: 768 });
    }
  });
}

await check('no error in any console', async () => {
  for (const p of [office, one]) faults.push(...p.faults);
  assert.deepEqual(faults, []);
});
await browser.close();
await world.stop();
finish();
