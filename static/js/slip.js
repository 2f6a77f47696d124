"use strict";
// The slip where the signal is bad: kept as it is tapped, sent when it can be. Without this it is a plain form.

if (typeof post === "undefined") throw new Error("shelf.js did not come: the form works without both");

const { path, mark, worker } = document.body.dataset;
const state = document.getElementById("state");
const form = () => document.getElementById("slip");
const main = () => document.getElementById("main");

let slip; // as shelf.js keeps it
let formPage = form() && main(); // to come back to from "Sent"
let canKeep = true;
let keeping = Promise.resolve();
let tries = 0;
let timer;

// Aloud; and where the page itself does not say it, to be seen too.
function say(words) {
  state.textContent = state.dataset[words] ?? "";
  state.classList.toggle("heard", ["waiting", "unkept", "sent", "refused"].includes(words));
}

// ---- what is on the form ----

function read(as) {
  const fields = [...new FormData(form())];
  const { key, revision } = Object.fromEntries(fields);
  return { path, mark, key, revision: Number(revision), fields, state: as };
}

function fill(fields, revision) {
  for (const [name, value] of fields) {
    const field = form().elements[name];
    if (field && !["key", "revision", "blanks"].includes(name)) field.value = value;
  }
  form().elements.revision.value = revision;
  measure();
}

function save() {
  const current = slip;
  keeping = keeping.then(() => keep(current)).then(() => {
    canKeep = true;
    if (history.state) history.replaceState(null, "");
  }, () => {
    canKeep = false;
    history.replaceState({ slip: current }, ""); // at least as long as this tab
    return forget(path).catch(() => {}); // what lies there is older
  });
}

// How much room a comment has left, counted as the server counts: a character is one, whatever it is.
function measure() {
  let over;
  for (const box of document.querySelectorAll("textarea[data-longest]")) {
    const count = document.getElementById(`${box.id}-count`);
    const left = box.dataset.longest - [...box.value.trim()].length;
    count.textContent = (left < 0 ? count.dataset.over : count.dataset.left).replace("{n}", Math.abs(left).toLocaleString("en-GB"));
    count.classList.toggle("over", left < 0);
    if (left < 0) over = box;
  }
  return over;
}

// Asks once about blanks, as the server does: a slip that waits for a signal must not come back with a question.
function askAboutBlanks() {
  const blank = [...form().querySelectorAll("fieldset")].filter((statement) => !statement.querySelector(":checked"));
  if (!blank.length || form().elements.blanks) return false;
  const ask = document.getElementById("ask");
  const summary = document.createElement("div");
  Object.assign(summary, { id: "summary", className: "summary summary-ask", tabIndex: -1, role: "alert" });
  summary.append(ask.content.cloneNode(true));
  for (const statement of blank) {
    const { id } = statement.querySelector("input");
    const [line, link, note] = ["li", "a", "p"].map((tag) => document.createElement(tag));
    Object.assign(link, { href: `#${id}`, textContent: statement.querySelector("legend").textContent });
    Object.assign(note, { className: "blank", id: `${id}-problem`, textContent: ask.dataset.blank });
    line.append(link);
    summary.querySelector("ul").append(line);
    statement.classList.add("bad");
    statement.setAttribute("aria-describedby", note.id);
    statement.querySelector("legend").after(note);
  }
  const asked = Object.assign(document.createElement("input"), { type: "hidden", name: "blanks", value: "left" });
  form().append(asked);
  document.getElementById("summary")?.remove();
  main().prepend(summary);
  summary.focus();
  return true;
}

// ---- sending ----

// How long a phone waits for an answer, in ms: longer each time.
const patience = () => 6_000 * 2 ** Math.min(tries, 3);

async function send() {
  const current = slip;
  hold(true);
  say("sending");
  // Whatever becomes of this request: the page goes on by itself, and offers to try again.
  clearTimeout(timer);
  timer = setTimeout(wait, patience() + 500);
  const answer = await post(current, patience()).catch(() => undefined);
  if (slip !== current) { // answered before, or changed meanwhile: what is on the form now is another revision
    if (slip?.state !== "waiting") hold(false);
    return;
  }
  if (!answer) return wait();
  clearTimeout(timer);
  hold(false);
  tries = 0;
  slip = { ...current, ...answer };
  save();
  show(slip.page, slip.state);
}

function hold(still) {
  for (const part of document.querySelectorAll("#answers, #next")) part.inert = still;
}

function showWaiting() {
  const panel = document.getElementById("waiting");
  if (!panel?.hidden) return;
  document.getElementById("summary")?.remove();
  document.getElementById("answers").hidden = true;
  panel.hidden = false;
  panel.classList.toggle("unkept", !canKeep);
  panel.querySelector("h2").focus();
}

function wait() {
  clearTimeout(timer);
  hold(false);
  if (slip.state !== "waiting") return say();
  showWaiting();
  say(canKeep ? "waiting" : "unkept");
  navigator.serviceWorker?.ready.then((registration) => registration.sync?.register("slips")).catch(() => {});
  tries += 1;
  // Not all phones of a hall at once.
  timer = setTimeout(send, Math.min(60_000, 2_500 * 2 ** tries) * (0.5 + Math.random()));
}

// What our server answered, in place of what was there.
function show(page, words) {
  const answer = new DOMParser().parseFromString(page, "text/html");
  document.title = answer.title;
  main().replaceWith(answer.getElementById("main"));
  if (form()) formPage = main();
  say(words);
  measure();
  (document.getElementById("summary") ?? document.getElementById("note") ?? document.querySelector("h1[tabindex]"))?.focus();
  scrollTo(0, 0);
}

function change() {
  clearTimeout(timer);
  main().replaceWith(formPage);
  hold(false);
  document.getElementById("waiting").hidden = true;
  document.getElementById("answers").hidden = false;
  form().elements.blanks?.remove();
  // What was sent may have arrived although no answer did: this is the next revision.
  fill(slip.fields, slip.revision + 1);
  // Until something is changed, what waits stays on the shelf as it is.
  const waited = slip.state === "waiting";
  slip = read("draft");
  say(waited ? "changing" : "");
  form().querySelector("input:not([type=hidden])").focus();
}

async function handOn() {
  hold(true); // pressed twice, the second answer would wipe what the next person has tapped by then
  const answer = await ask(path, mark, { next: "person" }, 20_000).catch(() => undefined);
  hold(false);
  if (!answer) return say("alone");
  await forget(path).catch(() => {});
  slip = formPage = undefined;
  history.replaceState(null, "");
  show(answer.page);
  keepPage().catch(() => {});
}

// Another tab, or the service worker, may have sent it meanwhile.
async function look() {
  if (slip?.state !== "waiting") return;
  const now = await kept(path).catch(() => undefined);
  if (now && now.state !== "waiting" && isSame(now, slip)) {
    clearTimeout(timer);
    slip = now;
    show(slip.page, slip.state);
  } else send();
}

// ---- what happens ----

addEventListener("input", (event) => {
  if (!form()?.contains(event.target)) return;
  measure();
  // An answer takes the mark of a blank away.
  const statement = event.target.closest("fieldset.bad");
  statement?.querySelector(".blank")?.remove();
  if (statement && !statement.querySelector(".problem")) statement.classList.remove("bad");
  slip = read("draft");
  save();
});

addEventListener("submit", (event) => {
  if (event.target.id === "next") {
    event.preventDefault();
    handOn();
  } else if (event.target.id === "slip") {
    event.preventDefault();
    const over = measure();
    const code = form().elements.code;
    const isCode = !code || code.value.replace(/[^0-9A-Za-z]/g, "").length === 8;
    code?.setCustomValidity(isCode ? "" : code.dataset.wrong);
    if (!isCode) code.reportValidity(); // or it would wait for a signal, and then be refused
    else if (over) over.focus();
    else if (!askAboutBlanks()) {
      slip = read("waiting");
      save();
      send();
    }
  }
});

addEventListener("click", (event) => {
  const { do: what } = event.target.dataset;
  if (what === "try") send();
  if (what === "afresh") startAfresh();
  const mistake = event.target.closest("#summary a");
  if (mistake) {
    event.preventDefault(); // no step in the tab's history, from where somebody could come back to these answers
    document.querySelector(mistake.hash).focus();
  }
  if (what === "change" && formPage && slip) {
    event.preventDefault();
    change();
  }
});

addEventListener("hashchange", () => { if (SINGLE_USE.test(location.hash)) location.reload(); });
addEventListener("online", look);
addEventListener("pageshow", measure); // after Back the browser fills in the text later
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
navigator.serviceWorker?.addEventListener("message", look);
addEventListener("beforeunload", (event) => { if (slip?.state === "waiting" && !canKeep) event.preventDefault(); });

// ---- coming back ----

const SINGLE_USE = /^#[0-9A-Z]{8}$/;

async function start() {
  document.getElementById("summary")?.focus();
  await clearOut().catch(() => { canKeep = false; });
  // The tab's own history holds a slip only where the shelf would not take it: then it is the newer one.
  const before = history.state?.slip ?? (canKeep ? await kept(path) : undefined);
  if (before?.state === "waiting" || (before?.state === "refused" && !form())) {
    slip = { ...before, state: "waiting" };
    showWaiting();
    send();
  } else if (!form()) {
    if (document.querySelector("[data-closed]") && before?.state === "sent") await forget(path);
    for (const link of main().querySelectorAll("a.button")) link.hash = location.hash; // a code scanned too early
  } else if (form().elements.code && SINGLE_USE.test(location.hash)) scan(before);
  else if (before) resume(before, Boolean(history.state?.slip));
}

// From the QR code on a slip of paper. Behind the # it was sent to nobody; now it leaves the address bar too.
function scan(before) {
  const code = location.hash.slice(1);
  history.replaceState(null, "", path);
  const typed = form().elements.code;
  const earlier = new Map(before?.fields).get("code") || typed.value;
  if (earlier && earlier !== code) blank(); // another person's
  else if (before) resume(before);
  if (!form().elements.code) return; // sent already: the page says so
  form().elements.code.value = code;
  slip = read("draft");
  save();
}

// What this phone kept. A slip with another key is another person's, unless this very tab kept it.
function resume(before, isMine = false) {
  const { key, revision } = form().elements;
  isMine ||= before.key === key.value;
  const isNew = before.key !== key.value || before.revision >= Number(revision.value);
  if (!isMine) forget(path).catch(() => {});
  if (!isMine || !isNew) return;
  if (before.state === "sent") {
    slip = before;
    show(slip.page, slip.state);
  } else {
    fill(before.fields, Math.max(before.revision, revision.value));
    slip = read("draft");
    const found = document.getElementById("found");
    found.hidden = false;
    say("found");
  }
}

function blank() {
  for (const field of form().elements) {
    if (field.type === "radio") field.checked = false;
    else if (field.name === "code" || field.tagName === "TEXTAREA") field.value = "";
  }
  form().elements.revision.value = 1;
  document.getElementById("note")?.remove();
  document.getElementById("found").hidden = true;
  measure();
}

function startAfresh() {
  const { value: revision } = form().elements.revision;
  blank();
  form().elements.revision.value = revision;
  slip = undefined;
  history.replaceState(null, "");
  keeping = keeping.then(() => forget(path)).then(keepPage).catch(() => {});
  say();
  form().querySelector("input:not([type=hidden])").focus();
}

// So that the page opens again without a signal.
async function keepPage() {
  if (!form()) return;
  if (!navigator.serviceWorker.controller) await navigator.serviceWorker.register(worker);
  const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((link) => link.href ?? link.src);
  const things = await shelf();
  for (const address of [path, ...files]) {
    if (await things.match(address)) continue;
    const reply = await fetch(address);
    const isOurs = address === path ? reply.headers.has("Slip-Page") : /css|script/.test(reply.headers.get("Content-Type"));
    if (reply.ok && isOurs) await things.put(address, reply);
  }
}

start();
addEventListener("load", () => keepPage().catch(() => {}));
