"use strict";
// After a mistake the reader starts at the summary; else at what was just done.
(document.querySelector("[data-focus]") ?? document.querySelector("[data-told]"))?.focus();
// From a problem in a list of rows to that row's line.
document.querySelectorAll("[data-line]").forEach((link) => link.addEventListener("click", () => {
  const box = document.querySelector(link.hash), lines = box.value.split("\n"), before = lines.slice(0, link.dataset.line - 1);
  const start = before.join("\n").length + (before.length > 0);
  setTimeout(() => { box.focus(); box.setSelectionRange(start, start + lines[before.length].length); });
}));
