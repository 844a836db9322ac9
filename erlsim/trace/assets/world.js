// ---- the world, event by event ------------------------------------------------------------

const data = JSON.parse(document.getElementById("data").textContent);
const events = data.events; // the first is the state before anything has happened
const last = events.length - 1;
const at = (id) => document.getElementById(id);

let current = -1;
let now = 0; // ms: the time of the current event, or later where time has passed since
let lines = []; // the tree, a line each: depth, title, name, pid, words, state, style, notes
let boxes = new Map(); // by pid: the messages in its mailbox
let facts = new Map(); // by pid: its links, monitors, timers
let tables = new Map(); // by number: ETS tables
let states = new Map(); // by pid: where it is in its code, its variables, its server's state

function apply(event) {
  if (event.tree) lines.splice(event.tree[0], event.tree[1], ...event.tree[2]);
  for (const [pid, start, gone, come] of event.boxes || []) {
    const box = boxes.get(pid) || [];
    box.splice(start, gone, ...come);
    if (box.length) boxes.set(pid, box);
    else boxes.delete(pid);
  }
  for (const [pid, what, list] of event.facts || []) {
    if (!facts.has(pid)) facts.set(pid, {});
    facts.get(pid)[what] = list;
  }
  for (const [pid, state] of event.states || []) states.set(pid, { ...states.get(pid), ...state });
  for (const [number, change] of event.tables || []) {
    if (change === null) tables.delete(number);
    else {
      const table = tables.get(number) || { rows: [] };
      if (change.rows) table.rows.splice(change.rows[0], change.rows[1], ...change.rows[2]);
      tables.set(number, { ...table, ...change, rows: table.rows });
    }
  }
}

function moveTo(number) {
  if (number < current || current < 0) {
    current = -1;
    lines = [];
    boxes = new Map();
    facts = new Map();
    tables = new Map();
    states = new Map();
  }
  while (current < number) apply(events[++current]);
}

// ---- who is who -----------------------------------------------------------------------------

const pidText = (pid) => `<0.${pid & 0x7fff}.${pid >> 15}>`;
const titleOf = (pid) => data.titles[pid] || "process";

// What each process does and when, by numbers of events, and who is above it.
const lives = new Map();
function life(pid) {
  if (!lives.has(pid)) lives.set(pid, { pid, born: 0, ended: Infinity, reason: "", all: [], received: [], sent: [] });
  return lives.get(pid);
}
for (const pid of Object.keys(data.titles)) life(Number(pid));
events.forEach((event, number) => {
  if (!event.kind) return;
  const mine = life(event.pid);
  mine.all.push(number);
  if (event.kind === "receive") mine.received.push(number);
  else if (event.kind === "send") mine.sent.push(number);
  else if (event.kind === "spawn") life(event.child).born = number;
  else if (event.kind === "exit") [mine.ended, mine.reason] = [number, event.reason];
});

// How many numbers of a sorted list are at most `limit`.
function upTo(list, limit) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBelow(pid, above) {
  const seen = new Set();
  for (let up = pid; up && !seen.has(up); up = data.parents[up]) {
    if (above.has(up)) return true;
    seen.add(up);
  }
  return false;
}

// ---- making elements ------------------------------------------------------------------------

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function draw(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(text, action, title) {
  const made = make("button", "", text);
  made.type = "button";
  if (title) made.title = title;
  made.addEventListener("click", action);
  return made;
}

const empty = (text) => make("p", "empty", text);
const counted = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
const cut = (text, length) => (text.length <= length ? text : text.slice(0, Math.max(length - 1, 1)) + "…");

// ---- keeping things in sight ----------------------------------------------------------------

function bring(container, top, height, head = 0) {
  const room = container.clientHeight;
  const inSight = top >= container.scrollTop + head && top + height <= container.scrollTop + room - 8;
  if (!inSight) container.scrollTop = top - (room + head) / 2;
}

function bringAcross(container, left, right) {
  const room = container.clientWidth;
  const inSight = left >= container.scrollLeft && right <= container.scrollLeft + room;
  if (!inSight) container.scrollLeft = Math.min(left - 20, (left + right - room) / 2);
}
