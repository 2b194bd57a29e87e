// The suite's world: two generated communities in a temporary folder, the program serving them on a free loopback
// port, and clients whose every answer is checked against the contract.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Contract } from './contract.mjs';

const VOLUNTEERS = 50;
const START_MS = 30_000;

export const contract = new Contract(fileURLToPath(new URL('../../openapi/danyuan.yaml', import.meta.url)));
export const hits = new Set();

/** The folder and the running program. */
export class World {
  constructor({ empty = false, options = [] } = {}) {
    this.options = options; // of the program, beside its own
    this.dir = mkdtempSync(`${tmpdir()}/dy-api-`);
    this.log = '';
    this.sessions = new Map();
    if (empty) return;
    const made = execFileSync(process.env.DY_MAKE_COMMUNITIES, [this.dir, String(VOLUNTEERS)], { encoding: 'utf8' });
    const facts = JSON.parse(made);
    this.password = facts.password;
    [this.east, this.west] = facts.communities;
    this.runners = VOLUNTEERS;
  }

  async start() {
    const args = ['serve', '--data', this.dir, '--listen', this.port ? `127.0.0.1:${this.port}` : '127.0.0.1:0', ...this.options];
    this.child = spawn(process.env.DY_PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr.on('data', (d) => { this.log += d; });
    this.ended = new Promise((done) => this.child.on('exit', (code, signal) => done(signal ?? code)));
    const line = await new Promise((done, fail) => {
      let text = '';
      const timer = setTimeout(() => fail(new Error(`the program does not listen: ${this.log}`)), START_MS);
      this.child.stdout.on('data', (d) => {
        text += d;
        if (!text.includes('\n')) return;
        clearTimeout(timer);
        done(text.split('\n')[0]);
      });
      this.child.on('exit', () => fail(new Error(`the program ended: ${this.log}`)));
    });
    const found = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line);
    assert.ok(found, `first line of output: ${line}`);
    this.port = Number(found[1]);
  }

  /** Ends the program in its orderly way; gives its exit status. */
  async stop() {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async restart() {
    assert.equal(await this.stop(), 0);
    await this.start();
  }

  remove() {
    rmSync(this.dir, { recursive: true, force: true });
  }

  cli(...args) {
    return execFileSync(process.env.DY_PROGRAM, args, { encoding: 'utf8' });
  }

  /** A staff member who is signed in; one session each, made when first asked for. */
  async staff(login, community = this.east) {
    const name = `${community.id}/${login}`;
    if (!this.sessions.has(name)) this.sessions.set(name, await this.freshStaff(login, community));
    return this.sessions.get(name);
  }

  async freshStaff(login, community = this.east) {
    const client = new Client(this);
    const answer = await client.post('/api/v1/session', { login, password: this.password, community: community.id });
    assert.equal(answer.status, 200, answer.text);
    return client;
  }

  /** A resident of a door; unit and door count from 1. */
  async resident(unit, door, community = this.east) {
    const name = `${community.id}/home-${unit}-${door}`;
    if (!this.sessions.has(name)) this.sessions.set(name, await this.freshResident(unit, door, community));
    return this.sessions.get(name);
  }

  async freshResident(unit, door, community = this.east) {
    const client = new Client(this);
    const home = community.units[unit - 1];
    const answer = await client.post(`/api/v1/door-links/${home.token}/join`, {
      door: home.doors[door - 1].code, household_code: home.doors[door - 1].household_code, name: `王示例${unit}${door}`,
    });
    assert.equal(answer.status, 200, answer.text);
    return client;
  }
}

let nextAddress = 2;

/** One person's browser: an address of its own, a cookie, the server's origin. */
export class Client {
  constructor(world, { waits = true } = {}) {
    this.world = world;
    this.cookie = '';
    this.waits = waits; // and repeats when it is told to; false for tests of the limits themselves
    // each client has an address of its own, so that limits by address are those of one browser
    this.address = `127.0.${Math.floor(nextAddress / 250)}.${nextAddress % 250 + 2}`;
    nextAddress += 1;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  }

  raw(method, path, headers, body) {
    const options = { host: '127.0.0.1', port: this.world.port, localAddress: this.address, agent: this.agent, method, path, headers };
    return new Promise((done, fail) => {
      const req = http.request(options, (res) => {
        const parts = [];
        res.on('data', (d) => parts.push(d));
        res.on('end', () => done({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
        res.on('error', fail);
      });
      req.on('error', (fault) => fail(new Error(`${method} ${path}: ${fault.message}\n${this.world.log.slice(-3000)}`)));
      req.end(body);
    });
  }

  origin() {
    return `http://127.0.0.1:${this.world.port}`;
  }

  /** Headers with value null are left out. */
  async call(method, path, body, headers = {}) {
    const own = { cookie: this.cookie === '' ? null : `dy_session=${this.cookie}` };
    if (method !== 'GET' && method !== 'HEAD') own.origin = this.origin();
    if (method === 'POST') own['idempotency-key'] = randomUUID();
    let bytes = body;
    if (body !== undefined && !Buffer.isBuffer(body) && typeof body !== 'string') bytes = JSON.stringify(body);
    if (bytes !== undefined && !Buffer.isBuffer(body)) own['content-type'] = 'application/json';
    if (bytes !== undefined) own['content-length'] = Buffer.byteLength(bytes);
    const all = Object.fromEntries(Object.entries({ ...own, ...headers }).filter(([, v]) => v !== null));
    let answer = await this.raw(method, path, all, bytes);
    this.check(method, path, answer);
    // overload on a machine that does other things, or a person writing as fast as a fast machine lets them: as a good
    // client, again with the same key after the time that was told
    for (let i = 0; i < 5 && this.waits && [429, 503].includes(answer.status); i += 1) {
      await sleep(1000 * Number(answer.headers['retry-after']));
      answer = await this.raw(method, path, all, bytes);
      this.check(method, path, answer);
    }
    const set = answer.headers['set-cookie']?.[0].match(/^dy_session=([^;]*)/);
    if (set) this.cookie = set[1];
    answer.text = answer.body.toString('utf8');
    if ((answer.headers['content-type'] ?? '').includes('json')) answer.json = JSON.parse(answer.text);
    return answer;
  }

  /** Every answer: as the contract says, no header twice, nothing a browser might guess about. */
  check(method, path, answer) {
    const operation = contract.find(method === 'HEAD' ? 'GET' : method, path);
    if (operation === undefined || method === 'HEAD') return;
    hits.add(operation.id);
    const faults = contract.answerFaults(operation, answer.status, answer.headers, answer.body);
    assert.deepEqual(faults, [], `${method} ${path} -> ${answer.status} ${answer.body.toString('utf8').slice(0, 600)}`);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.ok(!(answer.headers['cache-control'] ?? '').includes('no-store,'), 'Cache-Control stands twice');
    assert.doesNotMatch(answer.headers['cache-control'] ?? '', /max-age=.*no-cache/, 'Cache-Control stands twice');
  }

  get(path, headers) { return this.call('GET', path, undefined, headers); }
  post(path, body, headers) { return this.call('POST', path, body, headers); }

  async report(body) {
    const answer = await this.post('/api/v1/requests', { category: 'FOOD', text: '家里没有米了', ...body });
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  }

  act(request, act, more = {}, headers = {}) {
    return this.post(`/api/v1/requests/${request.id}/acts`, { act, ...more }, { 'if-match': `"${request.version}"`, ...headers });
  }

  async mustAct(request, act, more) {
    const answer = await this.act(request, act, more);
    assert.equal(answer.status, 200, `${act}: ${answer.text}`);
    return answer.json;
  }

  async see(request) {
    return (await this.get(`/api/v1/requests/${request.id}`)).json;
  }

  /** Opens the live feed; the promise is fulfilled once the server has answered. */
  listen(position, byQuery = false) {
    const feed = new Feed(this);
    return feed.open(position, byQuery);
  }
}

/** An open event stream and what it has heard. */
export class Feed {
  constructor(client) {
    this.client = client;
    this.events = [];
    this.waiting = [];
    this.rest = '';
    this.retry = undefined;
  }

  open(position, byQuery) {
    const headers = { cookie: `dy_session=${this.client.cookie}`, accept: 'text/event-stream' };
    if (position !== undefined && !byQuery) headers['last-event-id'] = String(position);
    const query = position !== undefined && byQuery ? `?last_event_id=${position}` : '';
    return new Promise((done, fail) => {
      const options = { host: '127.0.0.1', port: this.client.world.port, localAddress: this.client.address, path: `/api/v1/events${query}`, headers, agent: false };
      this.req = http.get(options, (res) => {
        hits.add('streamEvents');
        this.status = res.statusCode;
        this.headers = res.headers;
        this.closed = new Promise((closed) => res.on('close', closed));
        res.on('error', () => {});
        res.setEncoding('utf8');
        res.on('data', (text) => this.take(text));
        done(this);
      });
      this.req.on('error', fail);
    });
  }

  take(text) {
    this.rest += text;
    const blocks = this.rest.split('\n\n');
    this.rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]));
      if (fields.retry) this.retry = Number(fields.retry);
      if (fields.data === undefined) continue;
      const event = JSON.parse(fields.data);
      assert.deepEqual(contract.faults('/components/schemas/Event', event), [], block);
      assert.equal(fields.id, String(event.seq));
      this.events.push(event);
      this.waiting.splice(0).forEach((wake) => wake());
    }
  }

  /** The first event that fits; fails when it has not come in time. */
  async hear(fits, ms = 5000) {
    const until = Date.now() + ms;
    for (;;) {
      const found = this.events.find(fits);
      if (found) return found;
      const left = until - Date.now();
      assert.ok(left > 0, `nothing heard that fits ${fits}; heard ${this.events.map((e) => e.topic).join(' ')}`);
      await Promise.race([new Promise((wake) => this.waiting.push(wake)), sleep(left)]);
    }
  }

  close() {
    this.req.destroy();
  }
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** The problem document of an answer that must be one. */
export function problem(answer, status, code, field) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.code, code, answer.text);
  if (field !== undefined) assert.equal(answer.json.field, field, answer.text);
  return answer.json;
}
