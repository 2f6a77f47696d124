"use strict";
// Passkeys need a script and a browser that knows them: only then do their buttons show, in place of what else to do.
if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-no-passkey]").forEach((part) => { part.hidden = true; });
}
// allauth's script reports what the browser refused, or what the person broke off.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const failed = document.querySelector("[data-passkey-failed]");
  failed.hidden = false;
  failed.focus();
});
