// A consumer of the Attest feed in plain JavaScript: shows cards, follows the changes, and drops
// what was withdrawn. The whole copy lives in this page's memory, so that leaving it forgets it.
"use strict";

const place = document.getElementById("cards");
const state = document.getElementById("state");
const feed = new URL(place.dataset.feed, location.href);
const key = place.dataset.key;
const every = Number(place.dataset.every || 30) * 1000; // at least once a minute for testimony
const patience = Number(place.dataset.patience || 20) * 1000; // for one answer
const SHOWN = new Set(["statistic", "testimony"]);
const LONGEST_WITHOUT = 60_000; // what cannot be checked for so long is not shown any longer
const cards = new Map(); // by the item's id
let since = null;
let lastHeard = Date.now();

function line(text, className) {
  const made = document.createElement("p");
  made.textContent = text; // never innerHTML: the words are other people's
  if (className) made.className = className;
  return made;
}

function card(told) {
  const made = document.createElement("article");
  made.dataset.id = told.id;
  const title = document.createElement("h2");
  title.textContent = told.title;
  made.append(title);
  if (told.kind === "statistic") {
    made.append(line(told.display_value, "value"));
    if (told.caveat) made.append(line(told.caveat));
    made.append(line(told.citation_text ?? "", "quiet"));
  } else {
    if (told.content_warning) made.append(line(told.content_warning, "quiet"));
    for (const part of told.text.split("\n\n")) made.append(line(part));
    made.append(line(told.attribution), line(told.anonymity_note, "quiet"));
  }
  return made;
}

function drop(id) {
  cards.get(id)?.remove();
  cards.delete(id);
}

function apply(change) {
  const before = cards.get(change.id);
  if (change.op === "remove" || !SHOWN.has(change.kind)) return drop(change.id);
  const made = card(change.document);
  if (before) before.replaceWith(made);
  else place.prepend(made);
  cards.set(change.id, made);
}

function forget() {
  for (const id of [...cards.keys()]) drop(id);
  since = null;
}

async function follow() {
  for (let more = true; more; ) {
    const [from, asked] = [since, Date.now()];
    const address = new URL("changes/", feed);
    if (from) address.searchParams.set("since", from);
    const answer = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(patience) });
    if (answer.status === 410) {
      forget(); // restored from a backup: begin anew
      continue;
    }
    if (!answer.ok) throw new Error(`The feed answers ${answer.status}`);
    const page = await answer.json();
    if (since !== from) continue; // forgotten meanwhile: begin anew
    page.changes.forEach(apply);
    ({ next: since, more } = page);
    if (!more) lastHeard = asked;
  }
  state.textContent = `In step with the feed: ${cards.size} shown.`;
  if (key) await confirm();
}

async function confirm() {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ token: since });
  const signal = AbortSignal.timeout(patience);
  const said = await fetch(new URL("consumers/me/applied/", feed), { method: "POST", headers, body, signal });
  if (!said.ok) state.textContent = `Applied, and not confirmed: the feed answers ${said.status}.`;
}

async function turn() {
  await follow().catch((error) => {
    state.textContent = `The feed cannot be read: ${error.message}.`;
  });
  setTimeout(turn, every);
}

// By a clock of its own: whoever waits for an answer would notice too late that none comes.
setInterval(() => Date.now() - lastHeard > LONGEST_WITHOUT && forget(), 1000);
turn();
