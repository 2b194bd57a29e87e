// The office's pages with a browser: a spreadsheet is checked, imported and taken back; a household corrects its own record,
// staff open it for a purpose, and the household sees that; the three rates, what is behind them, the report on paper. Both languages, desk and phone, with
// axe. Prints TAP.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { axe, check, finish, joinAs, open, settled, shot, startBrowser, startWorld } from './harness.mjs';

const DATA = fileURLToPath(new URL('../data/import/', import.meta.url));
const world = await startWorld();
const browser = await startBrowser();
const secretary = world.demo.logins.find((l) => l.role === 'secretary');
const faults = [];

async function desk(more = {}) {
  const one = await open(browser, world, { phone: false, audit: true, ...more });
  const { page } = one;
  const asked = page.waitForResponse((r) => r.url().endsWith('/api/v1/communities'));
  await page.goto('/console/');
  await asked;
  await page.waitForTimeout(100);
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
  await page.fill('input[name=login]', secretary.login);
  await page.fill('input[name=password]', secretary.password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
  return one;
}

const office = await desk();
const { page } = office;

await check('a table is checked row by row before anything is written', async () => {
  await page.goto('/console/#/imports');
  await page.getByText('还没有导入过').waitFor();
  await page.getByRole('button', { name: '校验' }).click();
  await page.getByText('请先选择文件').waitFor();
  await shot(page, 'imports-zh');
  await page.check('input[value=places]');
  await page.setInputFiles('input[type=file]', `${DATA}places.xlsx`);
  await page.getByRole('button', { name: '校验' }).click();
  await page.waitForURL(/#\/imports\/.+/);
  await page.getByText('新楼栋').first().waitFor();
  await page.getByText('核对列').last().click();
  await shot(page, 'imports-checked-zh');
  await page.getByText('核对列').last().click();
});

await check('it is imported with one press, and the result can be taken back', async () => {
  await page.getByRole('button', { name: /^导入 \d+ 行$/ }).click();
  await page.getByText(/已导入：新增 \d+/).waitFor();
  await shot(page, 'imports-done-zh');
  await page.getByRole('button', { name: '撤回这次导入' }).click();
  await page.locator('dialog[open]').getByRole('button', { name: '撤回这次导入' }).click();
  await page.getByText('已撤回', { exact: true }).waitFor();
});

await check('faults are shown first, with the cell and the remedy', async () => {
  await page.goto('/console/#/imports');
  await page.check('input[value=households]');
  await page.setInputFiles('input[type=file]', `${DATA}households-faulty.xlsx`);
  await page.getByRole('button', { name: '校验' }).click();
  await page.getByText('表格软件把它变成了日期').waitFor();
  await page.getByText('下载标好错处的表格').waitFor();
  await shot(page, 'imports-faults-zh');
});

await check('both languages, desk and phone, have no fault of accessibility', async () => {
  const phone = await desk({ phone: true });
  for (const [one, name] of [[office, 'desk-zh'], [phone, 'phone-en']]) {
    if (one === phone) {
      await phone.page.getByRole('button', { name: 'English' }).click();
      await phone.page.getByRole('button', { name: '中文' }).waitFor();
    }
    for (const path of ['/console/#/imports', null]) {
      if (path) await one.page.goto(path);
      else await one.page.locator('.import-list a').first().click();
      await settled(one.page);
      await one.page.locator('h1').waitFor();
      await one.page.waitForTimeout(300);
      assert.deepEqual(await axe(one.page, { aaa: false }), [], `${name} ${path}`);
      const wide = await one.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${name} ${path}: ${wide} px too wide`);
      await shot(one.page, `imports-${name}-${path ? 'list' : 'one'}`);
    }
  }
  faults.push(...phone.faults);
});

const [door] = world.demo.doors;
const home = await open(browser, world, { audit: true });

await check('a household corrects its own record', async () => {
  const one = home.page;
  await joinAs(one, door, '示例居民甲');
  await one.waitForSelector('.actions');
  await one.goto('/#/me');
  await one.getByRole('link', { name: '我家的信息' }).click();
  await one.fill('input[name=name]', '示例住户');
  await one.fill('input[name=phone]', '13900000123');
  await one.getByLabel('透析').check();
  await one.getByRole('button', { name: '保存' }).click();
  await one.getByText('家里人更正了信息').waitFor();
  assert.deepEqual(await axe(one), []);
  await shot(one, 'household-zh');
});

await check('staff see it masked, and in full only for a purpose', async () => {
  await page.goto('/console/#/register');
  await page.selectOption('select[name=need]', 'dialysis');
  await page.getByText('示* · 139****0123').waitFor();
  assert.deepEqual(await axe(page, { aaa: false }), []);
  await shot(page, 'register-zh');
  await page.getByRole('button', { name: '打开全部' }).first().click();
  await page.selectOption('select[name=purpose]', 'other');
  await page.locator('dialog[open]').getByRole('button', { name: '打开全部' }).click();
  await page.getByText('请写明用途').waitFor();
  await page.fill('input[name=text]', '联系送医');
  await page.locator('dialog[open]').getByRole('button', { name: '打开全部' }).click();
  await page.getByText('13900000123').waitFor();
  await shot(page, 'register-open-zh');
  assert.deepEqual(await axe(page, { aaa: false }), []);
  await page.getByRole('button', { name: '更正' }).click();
  await page.fill('input[name=residents]', '4');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('工作人员登记').waitFor();
});

await check('the household sees who opened it and what for, large and in English too', async () => {
  const one = home.page;
  await one.reload();
  await one.getByText(/打开了全部信息：其他（请写明）：联系送医/).waitFor();
  await one.goto('/#/me');
  await one.getByRole('switch').click();
  await one.getByRole('button', { name: 'English' }).click();
  await one.getByRole('link', { name: 'My household' }).click();
  await one.getByText('opened the full record').first().waitFor();
  assert.deepEqual(await axe(one), []);
  const wide = await one.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await shot(one, 'household-elder-en');
  faults.push(...home.faults);
});

await check('the rates of units, the requests behind them, and the report on paper', async () => {
  const one = home.page;
  await one.evaluate(() => { location.hash = '#/me'; });
  await one.getByRole('button', { name: '中文' }).click();
  const answer = await one.evaluate(async () => {
    const r = await fetch('/api/v1/requests', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'office-e2e-1' }, body: JSON.stringify({ category: 'FOOD', text: '示例：没有米' }) });
    return r.status;
  });
  assert.equal(answer, 201);
  await page.goto('/console/#/oversight');
  await page.getByText('响应率').first().waitFor();
  await page.selectOption('select[name=which]', 'all');
  await page.locator('.rates-case').first().click();
  await page.getByText('居民 · 上报').waitFor();
  assert.deepEqual(await axe(page, { aaa: false }), []);
  await shot(page, 'oversight-zh');
  await page.emulateMedia({ media: 'print' });
  await page.getByText('社区工作日报').waitFor();
  assert.equal(await page.locator('.rail').isVisible(), false);
  await shot(page, 'oversight-paper-zh');
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await shot(page, 'oversight-phone-zh');
  assert.deepEqual(await axe(page, { aaa: false }), []);
});

await check('no page had an error', async () => {
  assert.deepEqual([...office.faults, ...faults], []);
});

await browser.close();
await world.stop();
finish();
