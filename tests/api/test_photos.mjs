// Pictures: re-made without metadata, upright, bounded; what is no picture is refused; who may see them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { Client, problem, sleep } from './harness.mjs';

/** RGBA of w by h by a function of place. */
function paint(w, h, colour) {
  const data = Buffer.alloc(w * h * 4);
  for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) data.set([...colour(x, y), 255], (y * w + x) * 4);
  return data;
}

const jpegOf = (w, h, colour, quality = 90) => jpeg.encode({ width: w, height: h, data: paint(w, h, colour) }, quality).data;
/** Red left, green right, blue below: tells how it is turned. */
const corners = (w, h) => (x, y) => (y > h / 2 ? [0, 0, 220] : x < w / 2 ? [220, 0, 0] : [0, 220, 0]);

/** A JPEG with an EXIF block in front: orientation, camera, and a place. */
function withExif(picture, orientation) {
  const entries = [];
  const gps = Buffer.alloc(2 + 12 * 2 + 4);
  gps.writeUInt16LE(2, 0);
  const entry = (tag, type, count, value) => {
    const b = Buffer.alloc(12);
    b.writeUInt16LE(tag, 0); b.writeUInt16LE(type, 2); b.writeUInt32LE(count, 4);
    if (Buffer.isBuffer(value)) value.copy(b, 8); else b.writeUInt32LE(value, 8);
    return b;
  };
  entry(1, 2, 2, Buffer.from('N\0')).copy(gps, 2);
  const dataAt = 8 + 2 + 12 * 3 + 4;
  const camera = Buffer.from('SecretCam\0');
  const gpsAt = dataAt + camera.length;
  entry(2, 5, 3, gpsAt + gps.length).copy(gps, 14);
  const latitude = Buffer.alloc(24);
  [30, 1, 43, 1, 3377, 100].forEach((v, i) => latitude.writeUInt32LE(v, i * 4));
  entries.push(entry(0x010f, 2, camera.length, dataAt), entry(0x0112, 3, 1, orientation), entry(0x8825, 4, 1, gpsAt));
  const count = Buffer.from([entries.length, 0]);
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), count, ...entries, Buffer.alloc(4), camera, gps, latitude]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([picture.subarray(0, 2), head, body, picture.subarray(2)]);
}

function crc32(bytes) {
  let c = ~0;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k += 1) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
  }
  return ~c >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG of one grey that claims w by h pixels; only `rows` of them are there. */
function png(w, h, rows = h) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(w, 0); header.writeUInt32BE(h, 4); header[8] = 8;
  const row = Buffer.alloc(w + 1, 128);
  row[0] = 0; // no filter
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(Array(rows).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}

const WEBP = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAUAmJaQAA3AA/v02aAA=', 'base64');

export function photos(world) {
  const upload = (client, bytes, headers) => client.call('POST', '/api/v1/photos', bytes, { 'content-type': 'image/jpeg', ...headers });
  const stored = () => readdirSync(`${world.dir}/photos`).length;
  /** Uploads that are still there; the engine takes them away right after the answer. */
  const waiting = async () => {
    const count = () => readdirSync(`${world.dir}/uploads`).length;
    for (let i = 0; i < 40 && count() > 0; i += 1) await sleep(50);
    return count();
  };

  test('metadata with place and camera is gone, and the picture stands upright', async () => {
    const home = await world.resident(1, 1);
    const original = withExif(jpegOf(80, 40, corners(80, 40)), 6);
    assert.ok(original.includes('SecretCam'));
    const { json, status, text } = await upload(home, original);
    assert.deepEqual([status, json.width, json.height], [201, 40, 80], text);
    const answer = await home.get(`/api/v1/photos/${json.id}`);
    assert.equal(answer.headers['cache-control'], 'private, max-age=31536000, immutable');
    for (const trace of ['Exif', 'SecretCam', 'GPS', 'II*\0']) assert.ok(!answer.body.includes(Buffer.from(trace, 'latin1')), trace);
    for (let at = 2; answer.body[at] === 0xff && answer.body[at + 1] !== 0xda; at += 2 + answer.body.readUInt16BE(at + 2)) {
      assert.ok(![0xe1, 0xed, 0xfe].includes(answer.body[at + 1]), `segment ${answer.body[at + 1].toString(16)}`);
    }
    const seen = jpeg.decode(answer.body);
    const at = (x, y) => ['red', 'green', 'blue'][[0, 1, 2].reduce((best, c) => (seen.data[(y * 40 + x) * 4 + c] > seen.data[(y * 40 + x) * 4 + best] ? c : best), 0)];
    // turned by a quarter to the right: what was left is above, what was below is left
    assert.deepEqual([at(30, 10), at(30, 70), at(8, 40)], ['red', 'green', 'blue']);
  });

  test('JPEG, PNG and WebP are taken by content, whatever the type says; large ones are shrunk', async () => {
    const home = await world.resident(1, 1);
    for (const [bytes, w, h] of [[png(30, 20), 30, 20], [WEBP, 1, 1], [jpegOf(2000, 500, corners(2000, 500)), 1600, 400]]) {
      const { json, status, text } = await upload(home, bytes, { 'content-type': 'application/octet-stream' });
      assert.deepEqual([status, json.width, json.height], [201, w, h], text);
      assert.deepEqual([...(await home.get(`/api/v1/photos/${json.id}`)).body.subarray(0, 2)], [0xff, 0xd8]);
    }
  });

  test('what is no picture is refused and leaves nothing behind', async () => {
    const home = await world.resident(1, 1);
    const before = stored();
    const whole = jpegOf(64, 64, corners(64, 64));
    const bad = {
      text: Buffer.from('hello'), svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), gif: Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'),
      'half a header': whole.subarray(0, 20), 'a PNG without its rows': png(30, 30, 3), pdf: Buffer.from('%PDF-1.4\n'), 'only a name': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    };
    for (const [what, bytes] of Object.entries(bad)) {
      const answer = await upload(home, bytes);
      assert.deepEqual([answer.status, answer.json.code], [422, 'photo'], `${what}: ${answer.text}`);
    }
    const bomb = await upload(home, png(20_000, 20_000, 1));
    problem(bomb, 413, 'too_large');
    problem(await home.call('POST', '/api/v1/photos', undefined, { 'content-length': '0' }), 422, 'photo');
    assert.deepEqual([stored(), await waiting()], [before, 0]);
  });

  test('an upload over 10 MiB is refused, announced or not', async () => {
    const home = await world.freshResident(1, 1);
    const large = Buffer.alloc(10 * 1024 * 1024 + 1, 1);
    problem(await upload(home, large), 413, 'too_large');
    const chunked = await upload(home, large, { 'content-length': null, 'transfer-encoding': 'chunked' });
    problem(chunked, 413, 'framing');
    const bare = await home.raw('POST', '/api/v1/photos', { cookie: `dy_session=${home.cookie}`, origin: home.origin(), 'idempotency-key': randomUUID(), connection: 'close' });
    assert.ok([411, 422].includes(bare.status));
    assert.equal(await waiting(), 0);
  });

  test('a picture as busy as can be is stored and can be seen', async () => {
    const home = await world.freshResident(1, 1);
    let seed = 7;
    const noise = jpegOf(1600, 1600, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return [seed >> 8 & 255, seed >> 13 & 255, seed >> 18 & 255];
    }, 95);
    const { json, status, text } = await upload(home, noise);
    assert.equal(status, 201, text);
    const answer = await home.get(`/api/v1/photos/${json.id}`);
    assert.deepEqual([answer.status, jpeg.decode(answer.body, { maxMemoryUsageInMB: 200 }).width], [200, 1600]);
  });

  test('a repeated upload with its key is one picture', async () => {
    const home = await world.resident(1, 2);
    const key = { 'idempotency-key': randomUUID() };
    const before = stored();
    const bytes = jpegOf(32, 32, corners(32, 32));
    const first = await upload(home, bytes, key);
    const again = await upload(home, bytes, key);
    assert.deepEqual([again.status, again.json.id, stored()], [201, first.json.id, before + 1]);
    problem(await upload(home, jpegOf(33, 33, corners(33, 33)), key), 409, 'idempotency_conflict');
    assert.deepEqual([stored(), await waiting()], [before + 1, 0]);
  });

  test('a picture is its uploader\'s until it is attached, then of those who may see the entry', async () => {
    const home = await world.resident(1, 1);
    const neighbour = await world.resident(1, 2);
    const captain = await world.staff('captain');
    const picture = async (client) => (await upload(client, jpegOf(16, 16, corners(16, 16)))).json.id;
    const id = await picture(home);
    const may = async (client) => (await client.get(`/api/v1/photos/${id}`)).status === 200;
    assert.deepEqual([await may(home), await may(captain), await may(neighbour)], [true, false, false]);
    problem(await neighbour.post('/api/v1/requests', { category: 'REPR', text: 'x', photo_ids: [id] }), 422, 'input', '/photo_ids');
    const request = await home.report({ category: 'REPR', text: '水管漏', photo_ids: [id] });
    assert.deepEqual(request.photo_ids, [id]);
    assert.deepEqual([await may(captain), await may(neighbour), await may(await world.staff('volunteer-2'))], [true, false, false]);
    problem(await home.post('/api/v1/requests', { category: 'REPR', text: 'x', photo_ids: [id] }), 422, 'input', '/photo_ids');
    const twice = await picture(home);
    problem(await home.post('/api/v1/requests', { category: 'REPR', text: 'x', photo_ids: [twice, twice] }), 422, 'input', '/photo_ids');
    const inside = await picture(captain);
    const result = await picture(captain);
    let r = await captain.mustAct(request, 'claim');
    r = await captain.mustAct(r, 'answer', { text: '只给组里看', visibility: 'team', photo_ids: [inside] });
    problem(await home.get(`/api/v1/photos/${inside}`), 404, 'not_found');
    assert.equal((await (await world.staff('courier')).get(`/api/v1/photos/${inside}`)).status, 200, 'the team reads the entry and sees its picture');
    r = await captain.mustAct(r, 'finish', { text: '修好', photo_ids: [result] });
    assert.equal((await home.get(`/api/v1/photos/${result}`)).status, 200);
    const entries = (await home.get(`/api/v1/requests/${r.id}/entries`)).json.items;
    assert.deepEqual(entries.at(-1).photo_ids, [result]);
    const secret = await picture(home);
    const dispute = await home.report({ category: 'DISP', text: '吵', photo_ids: [secret] });
    problem(await captain.get(`/api/v1/photos/${secret}`), 404, 'not_found');
    assert.equal((await (await world.staff('leader')).get(`/api/v1/photos/${secret}`)).status, 200, dispute.id);
    problem(await new Client(world).get(`/api/v1/photos/${id}`), 401, 'not_signed_in');
  });
}
