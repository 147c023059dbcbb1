// The composer of packs. Without this file lines are ordered by their numbers and previewed by link.
"use strict";

const KINDS = {
  ask: "Ask", statistic: "Figure", claim: "Claim", statement: "Statement",
  testimony_version: "Account", amendment: "Amendment",
};
const WAIT = 700; // milliseconds after the last key

const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// Lines of one list, in the order in which they stand; without the one that new ones are made of.
const linesOf = (list) =>
  [...list.children].filter((each) => each.matches(".form-group:not(.empty-form)"));
const positionOf = (line) => line.querySelector('input[name$="-position"]');
const nameOf = (line) =>
  line.querySelector('input[name$="-heading"]')?.value
  || line.querySelector(".composer-chosen select")?.selectedOptions[0]?.textContent.trim()
  || "The new line";

// Sections and lines, moved by buttons: by mouse, finger or key.

const count = (list, status) => {
  const lines = linesOf(list);
  lines.forEach((line, place) => {
    positionOf(line).value = place + 1;
    const [up, down] = line.querySelectorAll(":scope .composer-moves button");
    up.disabled = place === 0;
    down.disabled = place === lines.length - 1;
  });
  if (status) status.textContent = `${nameOf(status.line)} is now ${lines.indexOf(status.line) + 1} of ${lines.length}.`;
};

const move = (line, by, pressed, composer) => {
  const list = line.parentElement;
  const lines = linesOf(list);
  const other = lines[lines.indexOf(line) + by];
  if (!other) return;
  if (by < 0) other.before(line); else other.after(line);
  composer.status.line = line;
  count(list, composer.status);
  (pressed.disabled ? pressed.parentElement.querySelector("button:enabled") : pressed)?.focus();
  composer.changed();
};

const addMoves = (line, place, composer) => {
  const button = (mark, words, by) => {
    const made = make("button", { type: "button", textContent: mark });
    made.addEventListener("click", () => move(line, by, made, composer));
    const named = () => made.setAttribute("aria-label", `Move ${nameOf(line)} ${words}`);
    made.addEventListener("focus", named);
    made.addEventListener("mouseenter", named);
    named();
    return made;
  };
  place.prepend(make("span", { className: "composer-moves" }, button("↑", "up", -1), button("↓", "down", 1)));
};

// A line of things chosen: its kind, then the one field of that kind.

const show = (row, kind) => {
  row.querySelectorAll("td.field-tabular").forEach((cell) => {
    const own = cell.classList.contains(`field-${kind}`);
    const mark = cell.classList.contains("field-as_background") && kind === "testimony_version";
    const wrong = cell.classList.contains("errors");
    cell.classList.toggle("composer-chosen", own);
    cell.classList.toggle("composer-other", !own && !mark && !wrong);
  });
};

const empty = (select) => {
  if (!select.value) return;
  window.django.jQuery(select).val(null).trigger("change");
};

const addKind = (row) => {
  const fields = Object.keys(KINDS).map((kind) => [kind, row.querySelector(`td.field-${kind} select`)])
    .filter(([, select]) => select);
  if (!fields.length) return row.firstElementChild;
  const chosen = fields.find(([, select]) => select.value)?.[0] ?? fields[0][0];
  const kinds = make("select", {}, ...fields.map(([kind]) => new Option(KINDS[kind], kind, false, kind === chosen)));
  kinds.setAttribute("aria-label", "What is chosen on this line");
  kinds.addEventListener("change", () => {
    fields.filter(([kind]) => kind !== kinds.value).forEach(([, select]) => empty(select));
    const tick = row.querySelector('input[name$="-as_background"]');
    if (tick && kinds.value !== "testimony_version") tick.checked = false;
    show(row, kinds.value);
  });
  const tick = row.querySelector('input[name$="-as_background"]');
  if (tick) {
    const words = "as background only: it may not be read in the Chamber";
    tick.closest("td").firstElementChild.append(make("label", { htmlFor: tick.id, textContent: words }));
  }
  const cell = make("td", { className: "composer-kind" }, kinds);
  row.prepend(cell);
  show(row, chosen);
  return cell;
};

const readyLine = (line, composer) => {
  if (line.dataset.composed) return;
  line.dataset.composed = "yes";
  const row = line.querySelector(":scope > tr.form-row");
  const cell = addKind(row);
  const moves = make("td", { className: "composer-order" });
  cell.before(moves);
  addMoves(line, moves, composer);
};

const readySection = (section, composer) => {
  if (section.dataset.composed) return;
  section.dataset.composed = "yes";
  addMoves(section, section.querySelector(":scope > .form-row h3"), composer);
  section.querySelectorAll(":scope .nested-formset").forEach((table) => {
    linesOf(table).forEach((line) => readyLine(line, composer));
    disableEnds(table);
  });
};

const disableEnds = (list) => {
  const lines = linesOf(list);
  lines.forEach((line, place) => {
    const [up, down] = line.querySelectorAll(".composer-moves button");
    up.disabled = place === 0;
    down.disabled = place === lines.length - 1;
  });
};

const composing = (form, changed) => {
  const list = document.getElementById("sections-data");
  if (!list || !list.querySelector('input[name$="-position"]')) return;
  const status = make("p", { className: "sr-only" });
  status.setAttribute("role", "status");
  form.append(status);
  form.classList.add("composing");
  const composer = { status, changed };
  const ready = () => {
    linesOf(list).forEach((section) => {
      readySection(section, composer);
      section.querySelectorAll(".nested-formset").forEach((table) => {
        linesOf(table).forEach((line) => readyLine(line, composer));
        disableEnds(table);
      });
    });
    disableEnds(list);
  };
  ready();
  // A new line goes to the end of its list.
  document.addEventListener("formset:added", (event) => {
    ready();
    const line = event.target.closest?.(".form-group") ?? event.target;
    if (line.parentElement && positionOf(line)) count(line.parentElement);
  });
  document.addEventListener("formset:removed", ready);
};

// The pack as the form stands, beside it.

// The frame may run nothing; that it is of our origin lets it stay where its reader was.
const turnTo = (page, found) => {
  const at = page.contentWindow?.scrollY ?? 0;
  page.addEventListener("load", () => page.contentWindow.scrollTo(0, at), { once: true });
  page.srcdoc = found;
};

const beside = (form) => {
  const panel = document.querySelector(".composer-beside");
  if (!panel) return () => {};
  const told = panel.querySelector(".composer-told");
  const page = panel.querySelector(".composer-page");
  let asking = null;
  let waiting = 0;

  const ask = async () => {
    asking?.abort();
    const mine = asking = new AbortController();
    panel.setAttribute("aria-busy", "true");
    const body = "mayType" in panel.dataset && form ? new FormData(form) : null;
    try {
      const answer = await fetch(panel.dataset.live, {
        method: body ? "POST" : "GET", body, signal: mine.signal, redirect: "error",
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      if (told.innerHTML.trim() !== found.told.trim()) told.innerHTML = found.told;
      if (found.document) turnTo(page, found.document);
      page.hidden = !found.document && !page.srcdoc;
    } catch (problem) {
      if (problem.name !== "AbortError") told.textContent = "The preview cannot be reached: save, and open it by its link above.";
    }
    if (mine === asking) panel.removeAttribute("aria-busy");
  };
  ask();
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  };
};

addEventListener("load", () => {
  const form = document.getElementById("pack_form");
  const changed = beside(form);
  if (!form) return;
  composing(form, () => {
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("input", changed);
  // Lists with a search tell of a choice through jQuery alone.
  window.django.jQuery(form).on("change formset:added formset:removed", changed);
});
