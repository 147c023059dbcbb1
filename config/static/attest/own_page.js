// Leaves at once and keeps the way here short: without it every button and link still works.
(() => {
  "use strict";
  const leave = document.querySelector(".leave");

  function go() {
    document.documentElement.hidden = true;
    const { close } = leave.dataset;
    if (close && navigator.sendBeacon) navigator.sendBeacon(close);
    location.replace(leave.href);
  }

  leave.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });

  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      pressed = [];
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    pressed = [...pressed.filter((each) => now - each < 2000), now];
    if (pressed.length >= 3) go();
  });
  document.querySelector(".scripted").hidden = false;

  // Each page takes the place of the last one, so that Back leads out and not through all of them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!link || link === leave || !plain || link.origin !== location.origin) return;
    event.preventDefault();
    location.replace(link.href);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const sent = new URLSearchParams(new FormData(form));
    fetch(form.action, { method: "POST", body: sent, credentials: "same-origin" })
      .then((answer) => {
        if (!answer.redirected) throw new Error("not a page to go to");
        location.replace(answer.url);
      })
      .catch(() => form.submit());
  });

  const said = document.querySelector(".said");
  if (said) said.focus();
})();
