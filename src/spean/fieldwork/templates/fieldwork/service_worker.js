// Keeps the page's own files, all of one version; nothing that names anybody is ever kept here.
const KEPT = 'spean-phone-{{ version }}';
const SHELL = '/field/';
const FILES = [{% for file in files %}'{{ file|escapejs }}'{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener('install', (event) => {
  const fresh = [SHELL, ...FILES].map((address) => new Request(address, { cache: 'reload' }));
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('spean-phone-') && name !== KEPT);
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname !== SHELL && !FILES.includes(pathname)) return;
  event.respondWith(caches.open(KEPT).then((cache) => cache.match(pathname)).then((kept) => kept ?? fetch(event.request)));
});

// The queue is sealed under the user's PIN, so that only an open page can send it: wake it.
self.addEventListener('sync', (event) => {
  event.waitUntil(self.clients.matchAll().then((pages) => pages.forEach((page) => page.postMessage('sync'))));
});
