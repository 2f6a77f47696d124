"use strict";
// Each row works as a form of its own without any of this. Here keys move on, rows save themselves, the next one appears.
const table = document.getElementById("paper"), words = table.dataset, marks = JSON.parse(words.marks);
const kept = new WeakMap(), underway = new WeakMap(); // what a row's form held when it was last saved, and last sent
const waiting = new Set(); // rows to be saved once the one on its way has been: the server numbers them as they arrive
let onItsWay = null; // that one's form
let joinable = null, held = ""; // the box that the letter just before filled; what stood in this one when it was entered

document.querySelectorAll("[data-scripted]").forEach((part) => { part.hidden = false; });

const boxesOf = (row) => [...row.querySelectorAll("td > input")]; // the last is for the total
const formOf = (row) => row.querySelector("form");
const typedIn = (form) => JSON.stringify([...form.closest("tr").querySelectorAll("td > input, textarea")].map((box) => box.value));
const isUnsaved = (row) => typedIn(formOf(row)) !== kept.get(formOf(row));
const isStored = (row) => formOf(row).elements.number.value !== "0";
const isEmpty = (row) => [...row.querySelectorAll("td > input, textarea")].every((box) => !box.value.trim());

function begin(row) {
  kept.set(formOf(row), typedIn(formOf(row)));
}

// Below the last row, once something stands in it. Every random byte as two letters, as the server names rows.
function addRowBelow(last) {
  if (last.nextElementSibling || isEmpty(last)) return;
  const name = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pattern = document.getElementById("new-row").innerHTML;
  const html = pattern.replaceAll("0".repeat(64), name).replaceAll("0".repeat(12), name.slice(0, 12));
  table.tBodies[0].insertAdjacentHTML("beforeend", html);
  const row = table.tBodies[0].lastElementChild;
  htmx.process(row);
  begin(row);
}

// Beside a row's Save button: how it stands.
function say(row, text) {
  const place = row.querySelector(".app-paper__says");
  place.textContent = text;
  place.removeAttribute("data-saved");
}

function tell(text) {
  document.getElementById("told").textContent = text;
}

function save(row) {
  const form = formOf(row);
  if (!isUnsaved(row) || underway.get(form) === typedIn(form) || (isEmpty(row) && !isStored(row))) return;
  addRowBelow(row);
  waiting.add(row);
  saveNext();
}

function saveNext() {
  if (onItsWay || !waiting.size) return;
  const [row] = waiting;
  waiting.delete(row);
  onItsWay = formOf(row);
  onItsWay.requestSubmit();
}

// A letter goes on to the next box; one that makes an answer of two with the letter just before joins it instead.
table.addEventListener("input", (event) => {
  const box = event.target, row = box.closest("tr"), boxes = boxesOf(row), place = boxes.indexOf(box);
  say(row, isUnsaved(row) ? words.notYet : isStored(row) ? words.kept : "");
  const before = joinable && joinable === boxes[place - 1] ? joinable : null;
  const joined = before && box.value && marks[(before.value + event.data).toLowerCase()];
  joinable = null;
  if (joined) {
    before.value = joined;
    box.value = held;
    box.select();
    if (isStored(row) || place === boxes.length - 1) save(row);
  } else if (place >= 0 && place < boxes.length - 1 && box.value) {
    fill(box, boxes, place, event.data ?? box.value);
  }
});

function fill(box, boxes, place, typed) {
  const row = box.closest("tr"), mark = typed.trim() ? marks[box.value.toLowerCase()] ?? marks[typed.toLowerCase()] : "";
  box.setAttribute("aria-invalid", mark === undefined);
  if (mark === undefined) {
    box.select();
    say(row, words.wrong);
    tell(words.wrong);
    return;
  }
  box.value = mark;
  joinable = mark.toLowerCase() === typed.toLowerCase() ? box : null;
  if (isStored(row) || place === boxes.length - 2) save(row);
  boxes[place + 1].focus();
}

table.addEventListener("keydown", (event) => {
  const box = event.target, row = box.closest("tr"), boxes = boxesOf(row), place = boxes.indexOf(box);
  if (event.key.length > 1) joinable = null;
  if (event.isComposing || !box.matches("input, textarea") || (event.shiftKey && event.key === "Enter")) return;
  const to = {
    Enter: () => { save(row); return boxesOf(row.nextElementSibling ?? row)[0]; },
    Backspace: () => !box.value && boxes[place - 1],
    ArrowLeft: () => box.selectionStart === 0 && boxes[place - 1],
    ArrowRight: () => box.selectionEnd === box.value.length && place >= 0 && boxes[place + 1],
    ArrowUp: () => row.previousElementSibling && boxesOf(row.previousElementSibling)[place],
    ArrowDown: () => row.nextElementSibling && boxesOf(row.nextElementSibling)[place],
  }[event.key]?.();
  if (!to) return;
  event.preventDefault();
  to.focus();
});

table.addEventListener("focusin", ({ target: box }) => {
  if (!box.matches("td > input")) return;
  held = box.value;
  box.select();
});
table.addEventListener("pointerdown", () => { joinable = null; });
table.addEventListener("focusout", (event) => {
  const row = event.target.closest("tr");
  if (!row.contains(event.relatedTarget)) save(row);
});

table.addEventListener("htmx:beforeRequest", ({ detail: { elt: form } }) => {
  underway.set(form, typedIn(form));
  addRowBelow(form.closest("tr"));
});

// The server has answered: the row is saved as it was sent, or it says what is wrong in which box.
table.addEventListener("htmx:afterRequest", ({ detail: { elt: form, successful } }) => {
  if (form === onItsWay) onItsWay = null;
  saveNext();
  if (!successful || !form.matches("#paper form")) return; // or the row is gone
  const row = form.closest("tr"), sent = underway.get(form);
  underway.delete(form);
  if (form.querySelector("[data-saved]")) kept.set(form, sent);
  if (typedIn(form) !== sent) say(row, words.notYet);
  for (const box of row.querySelectorAll("td > input, textarea")) {
    const problem = form.querySelector(`[data-box="${box.id}"]`);
    box.setAttribute("aria-invalid", Boolean(problem));
    if (problem) box.setAttribute("aria-describedby", problem.id); else box.removeAttribute("aria-describedby");
  }
});

// No answer, or none that helps. Whether the row has arrived is not known: sent again it is the newer one.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  table.addEventListener(failure, ({ detail: { elt: form, requestConfig } }) => {
    const text = requestConfig.formData.has("remove") ? words.notRemoved : words.failed;
    underway.delete(form);
    form.elements.revision.value++;
    say(form.closest("tr"), text);
    tell(text);
  });
}

// A row that goes takes the focus along, unless another row has it before.
table.addEventListener("htmx:beforeSwap", ({ detail: { target: row } }) => {
  if (!row.matches("tr")) return;
  begin(row);
  waiting.delete(row);
  if (row.contains(document.activeElement)) boxesOf(row.nextElementSibling)[0].focus();
});

addEventListener("beforeunload", (event) => {
  if ([...table.tBodies[0].rows].some((row) => isUnsaved(row) && (isStored(row) || !isEmpty(row)))) event.preventDefault();
});

[...table.tBodies[0].rows].forEach(begin);
