// Buttons above a record wait while its form holds changes that are not saved.
"use strict";

addEventListener("load", () => {
  const standing = document.querySelector(".desk-standing");
  const form = document.querySelector("form.warn-unsaved-form");
  const buttons = standing?.querySelectorAll("button") ?? [];
  if (!form || !buttons.length) return;

  const written = () => new URLSearchParams(new FormData(form)).toString();
  const saved = written();
  const says = document.createElement("p");
  says.setAttribute("role", "status");
  standing.querySelector(".desk-standing-words").append(says);

  const look = () => {
    const changed = written() !== saved;
    buttons.forEach((button) => { button.disabled = changed; });
    says.textContent = changed ? "Save or undo your changes first." : "";
  };
  form.addEventListener("input", look);
  // Lists with a search tell of a choice through jQuery alone.
  window.django.jQuery(form).on("change formset:added formset:removed", look);
});
