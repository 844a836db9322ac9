// ---- one process, and all of them -----------------------------------------------------------

let pinned = 0; // the process that somebody has chosen; 0: whoever the event is about

const chosen = () => pinned || events[current].pid || Number(Object.keys(data.titles)[0]) || 0;

function choose(pid) {
  pinned = pinned === pid ? 0 : pid;
  show(current, now);
}

function ofProcess(direction) {
  const { all } = life(chosen());
  const found = direction > 0 ? all[upTo(all, current)] : all[upTo(all, current - 1) - 1];
  if (found !== undefined) show(found);
}

function fact(list, name, value) {
  list.append(make("dt", "", name));
  const place = make("dd");
  if (value instanceof Node) place.append(value);
  else place.textContent = value;
  list.append(place);
}

function listed(items) {
  const list = make("ol");
  for (const item of items) list.append(make("li", "", item));
  return list;
}

// A peer is a number of a pid, or what it was called.
const peers = (list) => list.map((each) => (typeof each === "number" ? `${titleOf(each)} ${pidText(each)}` : each)).join(", ");

function condition(mine) {
  if (current < mine.born) return "has not begun";
  if (current < mine.ended) return "alive";
  return mine.ended === Infinity ? "alive" : `ended: ${mine.reason}`;
}

function variables(pairs) {
  const table = make("table", "variables");
  for (const [name, value] of pairs) {
    const row = make("tr");
    row.append(make("th", "", name), make("td", "", value));
    table.append(row);
  }
  return table;
}

// How many restarts count now: those of the last period, by whole seconds, as a supervisor counts.
function restarts(seconds, most, period) {
  const count = seconds.filter((each) => each >= Math.floor(now / 1000) - period).length;
  return `${count} of at most ${most} in the last ${period} s`;
}

function drawProcess() {
  const pid = chosen();
  const mine = life(pid);
  const known = facts.get(pid) || {};
  const title = make("h3", "", `${titleOf(pid)} `);
  title.append(make("span", "pid", pidText(pid)));
  const list = make("dl");
  fact(list, "is", condition(mine));
  const state = states.get(pid);
  if (state && state.line) fact(list, "at", make("code", "", state.line));
  if (state && state.source) fact(list, "line", make("code", "", state.source));
  if (state && state.variables && state.variables.length) fact(list, "variables", variables(state.variables));
  if (state && typeof state.state === "string") fact(list, "state", make("code", "", state.state));
  if (state && state.window) fact(list, "restarts", restarts(...state.window));
  const box = boxes.get(pid);
  fact(list, "mailbox", box ? listed(box) : "empty");
  for (const what of ["links", "monitors"]) fact(list, what, known[what] && known[what].length ? peers(known[what]) : "none");
  fact(list, "timers", known.timers && known.timers.length ? listed(known.timers) : "none");
  const place = upTo(mine.all, current);
  fact(list, "events", `${place.toLocaleString("en")} of ${mine.all.length.toLocaleString("en")}`);
  at("process").replaceChildren(title, list);
  at("pin").setAttribute("aria-pressed", String(pinned !== 0));
  at("process-back").disabled = upTo(mine.all, current - 1) === 0;
  at("process-forward").disabled = place === mine.all.length;
  drawCode();
}

at("pin").addEventListener("click", () => choose(chosen()));
at("only").addEventListener("click", () => {
  const text = pidText(chosen());
  setFilter({ who: at("who").value === text ? "" : text });
});

function drawMailboxes() {
  const made = [];
  for (const pid of [...boxes.keys()].sort((one, other) => one - other)) {
    const section = make("section");
    const title = make("h3", "", `${titleOf(pid)} `);
    title.append(make("span", "pid", pidText(pid)));
    section.append(title, listed(boxes.get(pid)));
    made.push(section);
  }
  at("mailboxes").replaceChildren(...(made.length ? made : [empty("all empty")]));
}

// ---- the table ------------------------------------------------------------------------------

const MOST_ROWS = 1000;
const columns = [
  ["Process", (mine) => titleOf(mine.pid)],
  ["Pid", (mine) => mine.pid, pidText],
  ["Below", (mine) => (data.parents[mine.pid] ? titleOf(data.parents[mine.pid]) : "")],
  ["Is", (mine) => condition(mine)],
  ["Mailbox", (mine) => (boxes.get(mine.pid) || []).length],
  ["Received", (mine) => upTo(mine.received, current)],
  ["Sent", (mine) => upTo(mine.sent, current)],
  ["Events", (mine) => upTo(mine.all, current)],
  ["Links", (mine) => ((facts.get(mine.pid) || {}).links || []).length],
  ["Began (ms)", (mine) => events[Math.min(mine.born, last)].time],
];
let order = { column: 1, down: false };
const tableRows = new Map();

function tableRow(mine) {
  const row = make("tr");
  row.dataset.pid = mine.pid;
  columns.forEach(([, value], index) => row.append(make(index ? "td" : "th")));
  row.addEventListener("click", () => choose(mine.pid));
  return row;
}

function drawTable() {
  const who = filter.who;
  const shown = [...lives.values()].filter((mine) => mine.born <= current && (!who || who.has(mine.pid)));
  const [, value] = columns[order.column];
  const keyed = shown.map((mine) => [value(mine), mine]);
  keyed.sort(([one, first], [other, second]) => {
    const by = typeof one === "number" ? one - other : String(one).localeCompare(String(other));
    return (order.down ? -by : by) || first.pid - second.pid;
  });
  const kept = keyed.slice(0, MOST_ROWS);
  const made = kept.map(([, mine]) => {
    if (!tableRows.has(mine.pid)) tableRows.set(mine.pid, tableRow(mine));
    const row = tableRows.get(mine.pid);
    columns.forEach(([, each, words], index) => {
      const found = each(mine);
      const text = words ? words(found) : String(found);
      const cell = row.children[index];
      if (cell.textContent !== text) cell.textContent = text;
    });
    row.className = (mine.ended <= current ? "ended" : "") + (mine.pid === chosen() ? " chosen" : "");
    return row;
  });
  const body = at("processes-body");
  if (made.length !== body.children.length || made.some((row, index) => body.children[index] !== row)) {
    body.replaceChildren(...made);
  }
  const total = [...lives.values()].filter((mine) => mine.born <= current).length;
  const living = shown.filter((mine) => mine.ended > current).length;
  at("processes-count").textContent =
    made.length === total ? `${counted(total, "process").replace(/processs$/, "processes")}, ${living} alive`
      : `${made.length.toLocaleString("en")} of ${total.toLocaleString("en")} processes shown, ${living} of them alive`;
}

columns.forEach(([name], index) => {
  const head = make("th");
  head.scope = "col";
  const sort = button(name, () => {
    order = { column: index, down: order.column === index ? !order.down : index > 3 };
    for (const each of at("processes-head").children) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    drawTable();
  });
  head.append(sort);
  if (index === order.column) head.setAttribute("aria-sort", "ascending");
  at("processes-head").append(head);
});

// ---- what would be done, as code ------------------------------------------------------------

const acts = {
  kill: (who) => `player.kill(${who})`,
  exit: (who) => `player.exit(${who}, ${at("act-term").value || '"shutdown"'})`,
  send: (who) => `player.send(${who}, ${at("act-term").value || '"hello"'})`,
  suspend: (who) => `player.suspend(${who})`,
  advance: () => `player.advance(${/^\d+$/.test(at("act-term").value) ? at("act-term").value : 1000})`,
};

function drawCode() {
  const wanted = at("act").value;
  const needs = { exit: "reason", send: "message", advance: "ms" }[wanted];
  at("act-term").hidden = at("act-term-label").hidden = !needs;
  at("act-term-label").firstChild.textContent = `${needs || ""} `;
  const pid = chosen();
  const about = wanted === "advance" ? "" : `  # ${titleOf(pid)}`;
  if (titleOf(pid) === "shell" && wanted !== "advance") {
    at("code").textContent = "# the shell is the program:\n# choose one of its processes";
    return;
  }
  at("code").textContent = [
    ...data.player,
    `player.goto(${current})`,
    acts[wanted](`"${pidText(pid)}"`) + about,
    "player",
  ].join("\n");
}

for (const id of ["act", "act-term"]) at(id).addEventListener("input", drawCode);
at("copy").addEventListener("click", async () => {
  const text = at("code").textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where there is no clipboard (a file, a frame) the text is selected: the keys of the system copy it.
    getSelection().selectAllChildren(at("code"));
    document.execCommand("copy");
  }
  at("copied").textContent = "copied";
  setTimeout(() => (at("copied").textContent = ""), 1500);
});
