"use strict";
// Opens the slip where there is no signal, and sends what waits when the browser says that there is one.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && /^.*\/m\/[^/]+\/$/.test(pathname)) event.respondWith(page(request, pathname));
  else if (["style", "script"].includes(request.destination)) event.respondWith(file(request));
});

function file(request) {
  return fetch(request).catch(async (error) => (await (await shelf()).match(request)) ?? Promise.reject(error));
}

// The network's, unless it fails or takes so long that nobody would wait: then the one that is kept.
async function page(request, path) {
  const things = await shelf();
  const copy = await things.match(path);
  const fresh = fetch(request).then(async (reply) => {
    if (reply.headers.has("Slip-Page")) await things.put(path, reply.clone());
    return reply.status >= 500 && copy ? copy : reply;
  });
  if (!copy) return fresh;
  const late = new Promise((give) => setTimeout(() => give(copy), 8_000));
  return Promise.race([fresh.catch(() => copy), late]);
}

addEventListener("sync", (event) => event.waitUntil(sendAll()));

// Where one cannot be sent yet this fails in the end, and the browser calls again later.
async function sendAll() {
  const paths = (await (await shelf()).keys()).filter(({ url }) => url.endsWith("/kept"));
  const outcomes = await Promise.allSettled(paths.map(({ url }) => sendOne(new URL(url).pathname.replace(/kept$/, ""))));
  for (const client of await clients.matchAll()) client.postMessage("looked");
  if (outcomes.some(({ status }) => status === "rejected")) throw new Error("something waits still");
}

async function sendOne(path) {
  const slip = await kept(path);
  if (slip?.state !== "waiting") return;
  const answer = await post(slip, 30_000);
  const now = await kept(path);
  if (now?.state === "waiting" && isSame(now, slip)) await keep({ ...slip, ...answer });
}
