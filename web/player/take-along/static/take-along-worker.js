// Keeps the page of films that were taken along, so that it opens without a server. The films are not here: they are encrypted elsewhere.
const SHELL = 'reelmill-take-along-1';
const FILES = [
  'take-along.html',
  'take-along.css',
  'take-along.svg',
  'take-along.webmanifest',
  'take-along-page.js',
  'player.js',
  'later.js',
];

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// The server's newer file where there is a connection, and the kept one where there is none.
addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || !FILES.includes(pathname.split('/').at(-1))) return;
  event.respondWith(
    fetch(event.request).then(
      async (answer) => {
        if (answer.ok) await (await caches.open(SHELL)).put(event.request, answer.clone());
        return answer;
      },
      () => caches.match(event.request, { ignoreSearch: true }),
    ),
  );
});
