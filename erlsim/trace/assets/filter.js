// ---- which events are looked at -------------------------------------------------------------
// What the fields say applies to the list of events and to the chart alike; the rest is counted, not forgotten.

const filter = { words: [], who: null, kinds: new Set(data.kinds.map(([kind]) => kind)) };
let matches = []; // the numbers of the events that match, in order
let haystacks = null;

function haystack(number) {
  if (!haystacks) haystacks = new Array(events.length);
  const event = events[number];
  return (haystacks[number] ??=
    `${event.time} ms ${titleOf(event.pid)} ${pidText(event.pid)} ${event.kind} ${event.text}`.toLowerCase());
}

// `tills`, `till_*`, `<0.85.0>`, `under:shop`, several with commas between: the pids, or null for everybody.
function chosenPids(text) {
  const wanted = text.split(",").map((each) => each.trim()).filter(Boolean);
  if (!wanted.length) return null;
  const found = new Set();
  for (const each of wanted) {
    const subtree = each.startsWith("under:");
    const name = subtree ? each.slice(6) : each;
    const escaped = name.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
    const pattern = new RegExp(`^${escaped}$`, "i");
    const direct = new Set();
    for (const pid of lives.keys()) {
      const names = [pidText(pid), titleOf(pid), ...(data.names[pid] || [])];
      if (names.some((known) => pattern.test(known))) direct.add(pid);
    }
    for (const pid of lives.keys()) if (direct.has(pid) || (subtree && isBelow(pid, direct))) found.add(pid);
  }
  return found;
}

function isWanted(number) {
  const event = events[number];
  if (!filter.kinds.has(event.kind)) return false;
  if (filter.who && !filter.who.has(event.pid) && !(event.child && filter.who.has(event.child))) return false;
  return hasWords(number);
}

// `kind:exit` is the kind alone, any other word may stand anywhere in an event.
function hasWords(number) {
  return filter.words.every((word) =>
    word.startsWith("kind:") ? events[number].kind === word.slice(5) : haystack(number).includes(word));
}

function findMatches() {
  filter.words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  filter.who = chosenPids(at("who").value);
  matches = [];
  for (let number = 1; number <= last; number++) if (isWanted(number)) matches.push(number);
  const hidden = last - matches.length;
  at("matching").textContent = hidden
    ? `${matches.length.toLocaleString("en")} of ${counted(last, "event")} match; ${hidden.toLocaleString("en")} are hidden`
    : counted(last, "event");
  at("who").setAttribute("aria-invalid", String(filter.who !== null && filter.who.size === 0));
  at("clear").hidden = !hidden && !at("search").value && !at("who").value;
}

function setFilter({ search, who }) {
  if (search !== undefined) at("search").value = search;
  if (who !== undefined) at("who").value = who;
  refilter();
}

function refilter() {
  findMatches();
  log.reset();
  chart.reset();
  drawTable();
  drawLog();
  chart.follow();
}

function nextMatch(direction) {
  const place = upTo(matches, direction > 0 ? current : current - 1);
  const found = direction > 0 ? matches[place] : matches[place - 1];
  if (found !== undefined) show(found);
}

for (const [kind, words, count] of data.kinds) {
  const label = make("label", "kind-row");
  const box = make("input");
  box.type = "checkbox";
  box.checked = true;
  box.dataset.kind = kind;
  box.addEventListener("change", () => {
    if (box.checked) filter.kinds.add(kind);
    else filter.kinds.delete(kind);
    refilter();
  });
  const text = make("span", "meaning", words);
  label.append(box, make("span", "kind", kind), make("span", "count", count.toLocaleString("en")), text);
  at("kinds").append(label);
}

function allKinds(on) {
  for (const box of at("kinds").querySelectorAll("input")) {
    box.checked = on;
    if (on) filter.kinds.add(box.dataset.kind);
    else filter.kinds.delete(box.dataset.kind);
  }
  refilter();
}

at("all-kinds").addEventListener("click", () => allKinds(true));
at("no-kinds").addEventListener("click", () => allKinds(false));
for (const id of ["search", "who"]) {
  at(id).addEventListener("input", refilter);
  at(id).addEventListener("keydown", (press) => {
    if (press.key === "Enter") nextMatch(press.shiftKey ? -1 : 1);
    else if (press.key === "Escape") at(id).blur();
  });
}
at("clear").addEventListener("click", () => {
  at("search").value = at("who").value = "";
  allKinds(true);
});
