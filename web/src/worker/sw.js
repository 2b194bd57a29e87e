/* Service worker of one face: its shell opens without network. Built by vite.config.ts, which fills in face, page, list of
 * files and its hash. It never touches /api/: what was read before is kept by the page itself (shared/keep.ts). */
const SHELL = [/* SHELL */];
const FACE = 'dy-@FACE@-';
const CACHE = FACE + '@VERSION@';
const PAGE = '@PAGE@';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => (n.startsWith(FACE) || /^dy-[0-9a-f]{12}$/.test(n)) && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

/* names carry a hash: what was fetched once is right for ever */
async function asset(request) {
  const hit = await caches.match(request);
  if (hit) return hit;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone()).catch(() => undefined);
  }
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  } else if (request.mode === 'navigate' && url.pathname === PAGE) {
    /* the newest page when there is network, the kept one when there is none */
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  }
});
