// Where a form asks for names, one on each line: a field that suggests them as they are typed.
"use strict";

const suggesting = (area) => {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const list = document.createElement("datalist");
  const status = document.createElement("span");
  input.id = `${area.id}-find`;
  list.id = `${area.id}-found`;
  label.htmlFor = input.id;
  label.textContent = "Find a member by name, to add a line";
  input.type = "search";
  input.autocomplete = "off";
  input.setAttribute("list", list.id);
  status.setAttribute("role", "status");
  status.className = "desk-quiet";
  area.before(label, input, list, status);

  let asked = 0;
  let names = [];
  const find = async () => {
    const mine = ++asked;
    const term = input.value.trim();
    if (!term) return;
    const answer = await fetch(`${area.dataset.suggests}&term=${encodeURIComponent(term)}`);
    if (!answer.ok || mine !== asked) return; // an older answer comes too late
    names = (await answer.json()).results.map((each) => each.text);
    list.replaceChildren(...names.map((name) => new Option(name, name)));
    status.textContent = names.length ? "" : "No member of that name is known here.";
  };

  const take = () => {
    if (!names.includes(input.value)) return false;
    const lines = area.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(input.value)) lines.push(input.value);
    area.value = lines.join("\n");
    status.textContent = `Added: ${input.value}.`;
    input.value = "";
    names = [];
    list.replaceChildren();
    return true;
  };

  input.addEventListener("input", () => take() || find());
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it issues nothing: the button does
    if (names.length === 1) input.value = names[0];
    take();
  });
};

addEventListener("load", () => {
  document.querySelectorAll("textarea[data-suggests]").forEach(suggesting);
});
