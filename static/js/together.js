"use strict";
// After a mistake the reader starts at the summary.
document.querySelector("[data-focus]")?.focus();
