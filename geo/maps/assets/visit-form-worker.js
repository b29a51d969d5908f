"use strict";
// Opens the visit form where there is no signal. It keeps the page and its files, which hold no data of the city; what is
// due and what is handed in always goes to the server, or waits in the page's own queue.
const CACHE = "visit-form";
const PAGE = "/visit-form/";
const PATIENCE_MS = 6000;

const inTime = (promise) => Promise.race([
  promise,
  new Promise((_done, fail) => { setTimeout(() => fail(new Error("too slow")), PATIENCE_MS); }),
]);

const page = async (request) => {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    return answer.status >= 500 && kept ? kept : answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

const file = async (request) => (await (await caches.open(CACHE)).match(request)) || fetch(request);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(file(request));
});
