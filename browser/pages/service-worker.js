/**
 * Without a connection this device still shows a page of ours, and what it keeps. Nothing of a member is cached.
 * The trap: a worker that answers from memory could show an old page for good. Pages always come from the network first.
 */

const FILES = "/offline.json";
const PAGE = "/offline/";
const CACHE = `offline${self.location.search}`; // a new release and another language come with another address

self.addEventListener("install", (event) => event.waitUntil(keepFiles()));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(pageFromNetwork(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(fileFromNetwork(request));
});

async function keepFiles() {
  const files = await (await fetch(FILES, { cache: "no-store" })).json();
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...files]);
  await self.skipWaiting();
}

async function dropOlder() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

async function pageFromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match(PAGE)) ?? Promise.reject(error);
  }
}

async function fileFromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match(request)) ?? Promise.reject(error);
  }
}
