"use strict";
// An agenda's items can be dragged, and the Up and Down buttons move them on the spot: the order on the page is what is saved.
const list = document.querySelector("[data-rows]"), said = document.querySelector("[data-said]");
const rows = () => [...list.querySelectorAll("[data-row]")];
const stale = () => {
  document.querySelectorAll("[data-times]").forEach((each) => each.remove());
  document.querySelector("[data-stale]").hidden = false;
};
const tell = (row) => {
  typed = true;
  stale();
  rows().forEach((each, place) => each.querySelectorAll("[data-number]").forEach((number) => { number.textContent = place + 1; }));
  said.textContent = list.dataset.moved.replace("{n}", rows().indexOf(row) + 1);
};
let dragged = null, typed = false;

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-row]"), all = rows(), place = all.indexOf(row);
  const other = all[button.dataset.move === "up" ? place - 1 : place + 1];
  if (!other) {
    said.textContent = button.dataset.move === "up" ? list.dataset.first : list.dataset.last;
    return;
  }
  button.dataset.move === "up" ? other.before(row) : other.after(row);
  button.focus();
  tell(row);
});
list.addEventListener("change", (event) => { if (event.target.name?.endsWith("-minutes")) stale(); });

// Only by its heading: text in a field must still be selected with the mouse.
for (const row of rows()) row.querySelector("legend").draggable = true;
list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("legend")?.closest("[data-row]") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
list.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest("[data-row]");
  if (!over) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  event.clientY < box.top + box.height / 2 ? over.before(dragged) : over.after(dragged);
});
list.addEventListener("drop", (event) => event.preventDefault());
list.addEventListener("dragend", () => { if (dragged) tell(dragged); dragged = null; });

// Leaving by a link loses what is typed: the browser asks first.
const form = document.getElementById("agenda");
form.addEventListener("input", () => { typed = true; });
form.addEventListener("submit", () => { typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
