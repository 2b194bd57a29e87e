/* Service worker of the resident face: the shell opens without network. Built by vite.config.ts, which fills in the list of
 * files and its hash. It never touches /api/: what was read before is kept by the page itself (shared/keep.ts). */
const SHELL = [/* SHELL */];
const CACHE = 'dy-VERSION';

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
      .then((names) => Promise.all(names.filter((n) => n.startsWith('dy-') && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(request).then((hit) => hit || fetch(request)));
  } else if (request.mode === 'navigate' && url.pathname === '/') {
    /* the newest page when there is network, the kept one when there is none */
    event.respondWith(fetch(request).catch(() => caches.match('/')));
  }
});
