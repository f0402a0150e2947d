// Keeps the page's own files, all of one version; nothing that names anybody is ever kept here.
const KEPT = 'spean-phone-{{ version }}';
const SHELL = '/field/';
const FILES = [{% for file in files %}'{{ file|escapejs }}'{% if not forloop.last %}, {% endif %}{% endfor %}];

// Public too, and of no version: the keys that cards are checked by, and the names of places.
const PUBLISHED = 'spean-published';
const REFRESHED = ['{% url 'registry:card_keys' %}', '{% url 'fieldwork:place_names' %}'];
const PATIENCE = 3_000;

/** Gives what the server has now; what is kept, where it doesn't answer soon. */
async function freshest(request) {
  const cache = await caches.open(PUBLISHED);
  const { pathname } = new URL(request.url);
  const kept = await cache.match(pathname);
  const coming = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(pathname, answer.clone());
    return answer.ok ? answer : (kept ?? answer);
  });
  if (!kept) return coming;
  return Promise.race([coming.catch(() => kept), new Promise((give) => setTimeout(() => give(kept), PATIENCE))]);
}

self.addEventListener('install', (event) => {
  const fresh = [SHELL, ...FILES].map((address) => new Request(address, { cache: 'reload' }));
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('spean-phone-') && name !== KEPT);
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
      .then(() => Promise.allSettled(REFRESHED.map((path) => freshest(new Request(path))))),
  );
});

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (REFRESHED.includes(pathname)) return event.respondWith(freshest(event.request));
  if (pathname !== SHELL && !FILES.includes(pathname)) return;
  event.respondWith(caches.open(KEPT).then((cache) => cache.match(pathname)).then((kept) => kept ?? fetch(event.request)));
});

// The queue is sealed under the user's PIN, so that only an open page can send it: wake it.
self.addEventListener('sync', (event) => {
  event.waitUntil(self.clients.matchAll().then((pages) => pages.forEach((page) => page.postMessage('sync'))));
});
