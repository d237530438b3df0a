// The service worker of one door; the server puts KEPT before this: the door's page, the version and the files to keep.
// It keeps the page, which holds no name, and what the page is made of. Lists and scans are the page's own business.

const OURS = `dorr:${KEPT.page}:`;
const CACHE = OURS + KEPT.version;
const FILES = new Set(KEPT.files);
const SHELL = 'X-Dorr-Skal';
const PATIENCE = 4000;

const keepPage = async (answer) => {
  const cache = await caches.open(CACHE);
  if (answer.headers.has(SHELL)) await cache.put(KEPT.page, answer.clone());
  else if (answer.status < 500) await cache.delete(KEPT.page); // signed out, closed or gone
};

const install = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.files);
  await keepPage(await fetch(KEPT.page, { cache: 'no-store' }));
  await self.skipWaiting(); // every file's address holds its version, so an open page is not disturbed
};

const activate = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

const NOTHING_KEPT = 'Det finns inget nät, och sidan är inte sparad i telefonen. Öppna den igen när du har nät.';

const openPage = async (request) => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    await keepPage(answer);
    if (answer.status < 500) return answer;
    return (await caches.match(KEPT.page, { cacheName: CACHE })) ?? answer;
  } catch {
    const kept = await caches.match(KEPT.page, { cacheName: CACHE });
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    return kept ?? new Response(NOTHING_KEPT, { status: 503, headers });
  }
};

const openFile = async (request) => (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  if (event.request.mode === 'navigate') {
    if (address.pathname === KEPT.page && !address.search) event.respondWith(openPage(event.request));
  } else if (FILES.has(address.pathname + address.search)) event.respondWith(openFile(event.request));
});
