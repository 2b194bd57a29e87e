// Every page of the console x {zh, en} x {normal, elder}, at the desk and on a phone of 360 px: axe without a violation and no
// sideways scroll. The pages are those the menu shows to a secretary, so that a new one is looked at without a line here,
// and those others lead to. The residents' pages are looked at by walk.mjs. Prints TAP.
import assert from 'node:assert/strict';
import { axe, check, finish, open, shot, Staff, startBrowser, startWorld } from './harness.mjs';

const world = await startWorld();
const browser = await startBrowser();
const secretary = world.demo.logins.find((l) => l.role === 'secretary');
const staff = new Staff(world);
const faults = [];

async function signIn(page) {
  await page.goto('/console/');
  await page.waitForSelector('input[name=login]');
  await page.waitForTimeout(300);
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
  await page.fill('input[name=login]', secretary.login);
  await page.fill('input[name=password]', secretary.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.rail');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
}

async function look(locale, elder) {
  await staff.call('PATCH', '/api/v1/me', { elder_mode: elder, language: locale });
  const { page, context, faults: own } = await open(browser, world, { phone: false, locale, audit: true });
  await signIn(page);
  await page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
  assert.equal(await page.evaluate(() => document.documentElement.hasAttribute('data-elder')), elder);
  const menu = await page.locator('.rail li a').evaluateAll((links) => links.map((a) => a.getAttribute('href').slice(1)));
  assert.ok(menu.length >= 9, menu.join());
  const r = (await staff.call('GET', '/api/v1/requests?view=board&limit=1')).items[0];
  for (const path of [...menu, '/print', '/unsent', `/requests/${r.id}`, '/nowhere']) {
    await page.goto(`/console/#${path}`);
    await page.waitForFunction((want) => location.hash === `#${want}` && document.querySelector('main h1') && !document.querySelector('[aria-busy=true], main > div > .empty[role=status]'), path);
    await page.waitForTimeout(150);
    for (const phone of [false, true]) {
      await page.setViewportSize(phone ? { width: 360, height: 740 } : { width: 1366, height: 768 });
      await page.waitForTimeout(100);
      const name = path.replace(r.id, '…');
      await check(`${name}, ${locale}, ${elder ? 'elder' : 'normal'}, ${phone ? 'phone' : 'desk'}`, async () => {
        assert.deepEqual(await axe(page, { aaa: false }), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} px of sideways scroll`);
        if (elder) {
          const small = await page.evaluate(() => [...document.querySelectorAll('main *')]
            .filter((el) => el.children.length === 0 && el.textContent.trim() !== '' && el.getClientRects().length > 0 && parseFloat(getComputedStyle(el).fontSize) < 15)
            .slice(0, 3).map((el) => `${el.className || el.tagName} ${getComputedStyle(el).fontSize}`));
          assert.deepEqual(small, []);
        }
      });
      if (locale === 'zh-CN') await shot(page, `page-${name.replace(/\W+/g, '-')}-${elder ? 'elder' : 'normal'}-${phone ? 'phone' : 'desk'}`);
    }
    await page.setViewportSize({ width: 1366, height: 768 });
  }
  faults.push(...own.filter((f) => !/Content Security Policy/.test(f)));
  await context.close();
}

try {
  await staff.signIn(secretary.login, secretary.password);
  const places = await staff.call('GET', '/api/v1/places');
  const [door] = (await staff.call('GET', `/api/v1/stairs/${places.stairs[0].id}/doors`)).items;
  for (const category of ['MED2', 'REPR', 'CARE', 'DELV', 'PSYC']) {
    await staff.call('POST', '/api/v1/requests', { category, text: '家里有事，请回个电话', door_id: door.id, contact: '0580-1234567' });
  }
  for (const locale of ['zh-CN', 'en']) for (const elder of [false, true]) await look(locale, elder);
  await check('no page had an error or wrote one to the console', () => assert.deepEqual(faults, []));
} catch (fault) {
  await check('all pages are looked at', () => { throw fault; });
} finally {
  await browser.close();
  await check('the program ends in its orderly way', () => world.stop());
  finish();
}
