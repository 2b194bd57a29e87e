// Size budgets of the built web app (design: web.md section 7), gzip -9 in KiB. Fails above; prints a table.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = process.argv[2] ?? fileURLToPath(new URL('../../build/web', import.meta.url));
const kib = (name) => gzipSync(readFileSync(join(root, name)), { level: 9 }).length / 1024;
const sum = (names) => [...names].reduce((total, name) => total + kib(name), 0);

/** What a browser loads to show a page: the files its HTML names, and what they import at once. */
function first(page) {
  const names = new Set([page]);
  const add = (name) => {
    if (names.has(name)) return;
    names.add(name);
    if (!name.endsWith('.js')) return;
    const source = readFileSync(join(root, name), 'utf8');
    for (const [, file] of source.matchAll(/(?:\bfrom\s*|\bimport\s*)["'`](\.[\w./-]+\.js)["'`]/g)) add(join(dirname(name), file));
  };
  for (const [, file] of readFileSync(join(root, page), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) add(file);
  return names;
}

const RESIDENT = 'assets/resident';
const assets = readdirSync(join(root, RESIDENT)).filter((n) => /\.(js|css)$/.test(n));
const resident = first('index.html');
const staff = first('console/index.html');
const of = (names, ext) => [...names].filter((n) => n.endsWith(ext));
const chunk = (prefix, ext = '.js') => assets.filter((n) => n.startsWith(`${prefix}-`) && n.endsWith(ext)).map((n) => `${RESIDENT}/${n}`);
const PAGES = ['Welcome', 'Join', 'Report', 'Receipt', 'Requests', 'Progress', 'Act', 'Contacts', 'Me'];

const rows = [
  ['resident first page', sum(resident), 60],
  ['resident first page, scripts', sum(of(resident, '.js')), 50],
  ['resident first page, styles', sum(of(resident, '.css')), 8],
  ['console shell', sum(staff), 90],
  ['service worker', kib('sw.js'), 2],
  ['service worker of the console', kib('console/sw.js'), 2],
  ...PAGES.map((p) => [`resident page ${p}`, sum([...chunk(p), ...chunk(p, '.css')]), 12]),
];
for (const page of PAGES) if (chunk(page).length === 0) throw new Error(`no chunk of the page ${page}`);

let over = 0;
for (const [name, size, budget] of rows) {
  const good = size <= budget;
  if (!good) over += 1;
  console.log(`${good ? 'ok  ' : 'OVER'}  ${size.toFixed(1).padStart(6)} / ${String(budget).padStart(3)} KiB  ${name}`);
}
process.exitCode = over > 0 ? 1 : 0;
