"use strict";
// What a phone keeps of a slip until our server has it; used by the page and by the service worker.
//
// The shelf is a cache, the one store that both can reach. Beside each meeting's page it holds one slip:
// {path, mark, key, revision, fields, state, page}, where `fields` are the form's, `state` is "draft",
// "waiting", "sent" or "refused", and `page` is what our server answered.

const SHELF = "slips";
const DAYS_KEPT = 28;

const shelf = () => caches.open(SHELF);
const place = (path) => `${path}kept`;

async function kept(path) {
  return (await (await shelf()).match(place(path)))?.json();
}

async function keep(slip) {
  const headers = { Date: new Date().toUTCString() };
  await (await shelf()).put(place(slip.path), new Response(JSON.stringify(slip), { headers }));
}

const isSame = (one, other) => ["key", "revision", "fields"].every((part) => JSON.stringify(one[part]) === JSON.stringify(other[part]));

async function forget(path) {
  const things = await shelf();
  await Promise.all([things.delete(path), things.delete(place(path))]);
}

async function clearOut() {
  const things = await shelf();
  for (const request of await things.keys()) {
    const date = Date.parse((await things.match(request)).headers.get("Date"));
    if (!(Date.now() - date < DAYS_KEPT * 86_400_000)) await things.delete(request);
  }
}

// Our server's answer. Throws for any other: a captive portal and a broken proxy do not know the mark.
async function ask(path, mark, fields, timeout) {
  const reply = await fetch(path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Slip: "script" },
    redirect: "error",
    signal: AbortSignal.timeout?.(timeout),
  });
  const [mine, word, revision] = (reply.headers.get("Slip-Answer") ?? "").split(" ");
  if (mine !== mark) throw new Error("not our server");
  return { word, revision: Number(revision), page: await reply.text() };
}

// "sent" only where our server says that it stored this very revision.
async function post(slip, timeout) {
  const { word, revision, page } = await ask(slip.path, slip.mark, slip.fields, timeout);
  return { state: word === "stored" && revision === slip.revision ? "sent" : "refused", page };
}
