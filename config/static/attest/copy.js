// Buttons that copy: <button data-copy="id of the text">, and beside it a role="status" that says so.
"use strict";

const copied = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text.textContent.trim());
  getSelection().selectAllChildren(text); // without https: the old way
  if (!document.execCommand("copy")) throw new Error("refused");
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = "";
  try {
    await copied(document.getElementById(button.dataset.copy));
    status.textContent = "Copied";
  } catch {
    status.textContent = "Select it and press Ctrl+C";
  }
});
