// Beside a snapshot's text: words selected in it, by mouse or by keyboard, fill the form, and the
// words of the form are highlighted in it. Without this script the form is filled by hand.
"use strict";

const AROUND = 32; // characters of context on either side, as the server keeps

// The server counts code points, the browser halves of them.
const points = (text) => [...text].length;

const contextOf = (text, { start, end }) => {
  const before = [...text.slice(Math.max(0, start - 2 * AROUND), start)].slice(-AROUND).join("");
  const after = [...text.slice(end, end + 2 * AROUND)].slice(0, AROUND).join("");
  return [before.split("\n").pop().trim(), after.split("\n")[0].trim()]; // a field holds one line
};

const placesOf = (text, words) => {
  const found = [];
  let start = words ? text.indexOf(words) : -1;
  for (; start >= 0 && found.length < 500; start = text.indexOf(words, start + 1)) {
    found.push({ start, end: start + words.length });
  }
  return found;
};

const within = (text, { start, end }) => {
  const words = text.slice(start, end);
  return {
    start: start + words.length - words.trimStart().length,
    end: end - (words.length - words.trimEnd().length),
  };
};

const marking = (section) => {
  const panel = section.querySelector(".source-text");
  const status = section.querySelector("[role=status]");
  const field = (...names) =>
    names.map((name) => document.querySelector(`[name=${name}]`)).find(Boolean);
  const exact = field("exact");
  const prefix = field("prefix", "before");
  const suffix = field("suffix", "after");
  const position = field("position");
  let filling = false;

  const text = () => panel.textContent;

  const highlight = (places) => {
    if (!CSS.highlights) return;
    const node = panel.firstChild;
    const ranges = places.map(({ start, end }) => {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      return range;
    });
    CSS.highlights.set("marked", new Highlight(...ranges));
  };

  const show = (words) => {
    // One text node: offsets in it are offsets in the text.
    if (CSS.highlights) panel.replaceChildren(words);
  };

  const write = (input, value) => {
    if (!input) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true })); // for what grows, and what warns
  };

  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    if (!panel.contains(range.startContainer)) return null;
    if (!panel.contains(range.endContainer)) range.setEnd(panel, panel.childNodes.length);
    const before = new Range();
    before.selectNodeContents(panel);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    const place = within(text(), { start, end: start + range.toString().length });
    return place.start < place.end ? place : null;
  };

  const fill = (place) => {
    const all = text();
    const words = all.slice(place.start, place.end);
    const [before, after] = contextOf(all, place);
    filling = true;
    write(exact, words);
    write(prefix, before);
    write(suffix, after);
    write(position, points(all.slice(0, place.start)));
    filling = false;
    highlight([place]);
    const twice = placesOf(all, words).length > 1;
    const told = twice && position ? " The text says them elsewhere too: this place is kept." : "";
    status.textContent = `Marked: ${points(words)} characters.${told}`;
  };

  const typed = () => {
    if (filling) return;
    if (position) position.value = "";
    const places = placesOf(text(), exact.value.trim());
    highlight(places);
    if (!exact.value.trim()) status.textContent = "";
    else if (places.length) status.textContent = `In the text ${places.length === 1 ? "once" : `${places.length} times`}.`;
    else status.textContent = "The text does not say these words.";
  };

  const load = async (snapshot) => {
    show("");
    highlight([]);
    if (position) position.value = "";
    if (!snapshot) return;
    const address = `${section.dataset.textAt}?snapshot=${encodeURIComponent(snapshot)}`;
    const answer = await fetch(address);
    panel.replaceChildren(answer.ok ? await answer.text() : "");
    status.textContent = answer.ok ? "" : "Its text could not be read.";
    if (exact.value) typed();
  };

  // A caret to select with, and nothing that can be changed.
  panel.setAttribute("contenteditable", "true");
  panel.setAttribute("role", "textbox");
  panel.setAttribute("aria-readonly", "true");
  panel.setAttribute("aria-multiline", "true");
  panel.setAttribute("inputmode", "none");
  panel.setAttribute("spellcheck", "false");
  panel.addEventListener("beforeinput", (event) => event.preventDefault());
  panel.addEventListener("drop", (event) => event.preventDefault());

  const mark = panel.querySelector("mark");
  const chosen = mark && { start: mark.previousSibling?.length ?? 0 };
  if (chosen) chosen.end = chosen.start + mark.textContent.length;
  if (mark) panel.scrollTop = mark.offsetTop - panel.offsetTop - panel.clientHeight / 3;
  show(text());
  if (chosen) highlight([chosen]);
  else if (exact.value && text()) highlight(placesOf(text(), exact.value.trim()));

  document.addEventListener("selectionchange", () => {
    const place = selected();
    if (place) fill(place);
  });
  [exact, prefix, suffix].forEach((input) => input?.addEventListener("input", typed));
  const snapshot = field("snapshot");
  // Lists with a search tell of a choice through jQuery alone.
  if (snapshot && section.dataset.textAt) {
    let shown = snapshot.value; // they tell of what was there from the beginning, too
    window.django.jQuery(snapshot).on("change", () => {
      if (snapshot.value === shown) return;
      shown = snapshot.value;
      load(shown);
    });
  }
};

addEventListener("load", () => {
  document.querySelectorAll("[data-marking]").forEach(marking);
});
