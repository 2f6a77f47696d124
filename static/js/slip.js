"use strict";
// The slip works without any of this.

// After a mistake the reader starts at the summary.
document.getElementById("summary")?.focus();

// How much room a comment has left, counted as the server counts: a character is one, whatever it is.
for (const box of document.querySelectorAll("textarea[data-longest]")) {
  const count = document.getElementById(`${box.id}-count`);
  const show = () => {
    const left = box.dataset.longest - [...box.value.trim()].length;
    const words = left < 0 ? count.dataset.over : count.dataset.left;
    count.textContent = words.replace("{n}", Math.abs(left).toLocaleString("en-GB"));
    count.classList.toggle("over", left < 0);
  };
  box.addEventListener("input", show);
  addEventListener("pageshow", show); // after Back the browser fills in the text later
}

// An answer takes the mark of a blank away.
addEventListener("change", (event) => {
  const statement = event.target.closest("fieldset.bad");
  statement?.querySelector(".blank")?.remove();
  if (statement && !statement.querySelector(".problem")) statement.classList.remove("bad");
});
