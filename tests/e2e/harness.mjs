// What the browser tests stand on: the program over a fresh demo folder on a free loopback port, Debian's Chromium,
// phones and desks whose console errors are failures, and a runner that prints TAP.
import { spawn, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// the web app's own development packages: nothing else to install
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.DY_PROGRAM ?? join(root, 'build/danyuan');
const web = process.env.DY_WEB ?? join(root, 'build/web');
export const shots = join(root, 'build/shots');
const START_MS = 60_000; // a sanitized program on a busy machine
const WAIT_MS = 20_000;

/* TAP */
let count = 0;
let failed = 0;
/** One case. A case that fails does not keep the others from being tried. */
export async function check(name, fn) {
  count += 1;
  try {
    await fn();
    console.log(`ok ${count} - ${name}`);
    return true;
  } catch (fault) {
    failed += 1;
    console.log(`not ok ${count} - ${name}`);
    for (const line of String(fault.stack ?? fault).split('\n').slice(0, 14)) console.log(`# ${line}`);
    return false;
  }
}
export function finish() {
  console.log(`1..${count}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/* The program */
/** Two small generated communities, as the API suite has them, told in the form of demo.json. */
function makeCommunities(dir) {
  const facts = JSON.parse(execFileSync(process.env.DY_MAKE_COMMUNITIES, [dir, '4'], { encoding: 'utf8' }));
  const [community] = facts.communities;
  return {
    community: { id: community.id, name: community.name },
    logins: Object.keys(community.people).map((login) => ({ role: login, login, password: facts.password })),
    doors: community.units.flatMap((u) => u.doors.map((d) => ({ url_path: `/q/${u.token}`, door: d.code, household_code: d.household_code }))),
  };
}

/** Fresh data, served: small communities under ./dev test (DY_MAKE_COMMUNITIES), the demo community by hand. */
export async function startWorld({ args = [] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'dy-e2e-'));
  let demo;
  if (process.env.DY_MAKE_COMMUNITIES) {
    demo = makeCommunities(dir);
  } else {
    execFileSync(program, ['demo', '--data', dir, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
    demo = JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8'));
  }
  const child = spawn(program, ['serve', '--data', dir, '--listen', '127.0.0.1:0', '--web', web, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (d) => { log += d; });
  const url = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the program does not listen: ${log}`)), START_MS);
    child.stdout.on('data', (d) => {
      const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(String(d));
      if (!found) return;
      clearTimeout(timer);
      done(found[1]);
    });
    child.on('exit', () => fail(new Error(`the program ended: ${log}`)));
  });
  return {
    url, demo, dir,
    async stop() {
      const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
      child.kill('SIGTERM');
      const status = await ended;
      rmSync(dir, { recursive: true, force: true });
      if (status !== 0) throw new Error(`the program ended with ${status}: ${log.slice(-2000)}`);
    },
  };
}

/** Staff by the API: for what a browser need not show. */
export class Staff {
  constructor(world) {
    this.world = world;
    this.cookie = '';
  }

  async call(method, path, body, headers = {}) {
    const answer = await fetch(this.world.url + path, {
      method,
      headers: {
        Origin: this.world.url, Cookie: this.cookie, 'Content-Type': 'application/json',
        ...(method === 'POST' ? { 'Idempotency-Key': randomBytes(12).toString('hex') } : {}), ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = answer.headers.get('set-cookie');
    if (set) this.cookie = set.split(';')[0];
    const text = await answer.text();
    const data = text === '' ? null : JSON.parse(text);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return data;
  }

  signIn(login, password) {
    return this.call('POST', '/api/v1/session', { login, password, community: this.world.demo.community.id });
  }

  get(id) {
    return this.call('GET', `/api/v1/requests/${id}`);
  }

  async act(id, draft) {
    const now = await this.get(id);
    return this.call('POST', `/api/v1/requests/${id}/acts`, draft, { 'If-Match': `"${now.version}"` });
  }

  async photo() {
    // a real picture, made by the browser's own encoder, is sent by the phone; here one white pixel is enough
    const jpeg = Buffer.from(ONE_PIXEL, 'base64');
    const answer = await fetch(`${this.world.url}/api/v1/photos`, {
      method: 'POST', body: jpeg,
      headers: { Origin: this.world.url, Cookie: this.cookie, 'Content-Type': 'image/png', 'Idempotency-Key': randomBytes(12).toString('hex') },
    });
    const data = await answer.json();
    if (!answer.ok) throw new Error(`photo: ${answer.status} ${JSON.stringify(data)}`);
    return data.id;
  }
}
const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==';

/* Browsers */
export async function startBrowser() {
  const executablePath = process.env.DY_CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}: apt-get install chromium fonts-noto-cjk`);
  mkdirSync(shots, { recursive: true });
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of its own profile. `faults` collects what must be empty at the end. */
export async function open(browser, world, { phone = true, locale = 'zh-CN', audit = false, ...more } = {}) {
  const context = await browser.newContext({
    baseURL: world.url, locale, bypassCSP: audit, timezoneId: 'Asia/Shanghai',
    viewport: phone ? { width: 360, height: 740 } : { width: 1366, height: 768 },
    ...(phone ? { deviceScaleFactor: 2, hasTouch: true, isMobile: true } : {}),
    ...more,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (e) => faults.push(`page error: ${e.message}`));
  page.on('console', (m) => {
    // the browser's own words for an answer of 4xx or for being offline are no mistakes of the page
    if (m.type() === 'error' && !/Failed to load resource|net::ERR_/.test(m.text())) faults.push(`console: ${m.text()}`);
  });
  return { context, page, faults };
}

/** Through the door link to the home page, as a resident does. */
export async function joinAs(page, door, name, { code = door.household_code } = {}) {
  await page.goto(door.url_path);
  await page.waitForSelector('form input');
  const fill = async (field, value) => {
    await page.fill(`input[name=${field}]`, value);
  };
  const oneByOne = (await page.locator('form input').count()) === 1;
  for (const [field, value] of [['door', door.door], ['household_code', code], ['name', name], ['phone', '']]) {
    if (value) await fill(field, value);
    if (oneByOne) await page.click('form button[type=submit]');
  }
  if (!oneByOne) await page.click('form button[type=submit]');
}

/** Somebody of the staff at a desk, signed in. */
export async function desk(browser, world, { login, password }) {
  const one = await open(browser, world, { phone: false, audit: true });
  const { page } = one;
  const asked = page.waitForResponse((r) => r.url().endsWith('/api/v1/communities'));
  await page.goto('/console/');
  await asked;
  await page.waitForTimeout(100); // the choice is drawn after the answer
  const choice = page.locator('select[name=community]');
  if (await choice.count()) await choice.selectOption(world.demo.community.id);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.hash.startsWith('#/login'));
  return one;
}

/** Somebody at home with a phone, joined. */
export async function home(browser, world, door, name) {
  const one = await open(browser, world, { audit: true });
  await joinAs(one.page, door, name);
  await one.page.waitForSelector('.actions');
  return one;
}

/** Violations of WCAG 2.2 A and AA and of best practice; AAA contrast for residents. The page needs bypassCSP. */
export async function axe(page, { aaa = true } = {}) {
  await page.evaluate(AXE);
  const result = await page.evaluate(
    (contrast) => globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: { 'color-contrast-enhanced': { enabled: contrast } },
    }), aaa);
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ').slice(0, 400)}`);
}

export const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });
export const settled = (page) => page.waitForFunction(() => !document.querySelector('.boot, .wait, .skeleton'));
