// ---- the supervision tree: as a list, or drawn ----------------------------------------------

let treeView = "list";

function node(line, changed) {
  const [, title, name, pid, words, state, style, notes] = line;
  const made = make("span", `node ${style}${changed ? " changed" : ""}`);
  const parts = [];
  if (title) parts.push(make("strong", "", title));
  if (name) parts.push(make("span", "", `(${name})`));
  if (pid) parts.push(make("span", "pid", pidText(pid)));
  if (words) parts.push(make("span", "words", words));
  if (state) parts.push(make("span", `state ${style}`, state));
  parts.forEach((part, index) => made.append(index ? " " : "", part));
  const more = remarks(line);
  if (more) made.append(", " + more);
  if (pid) {
    made.dataset.pid = pid;
    made.classList.toggle("chosen", pid === chosen());
    made.addEventListener("click", () => choose(pid));
  }
  return made;
}

function remarks([, , , pid, , , , notes]) {
  const held = pid && boxes.get(pid);
  const found = notes ? [notes] : [];
  if (held) found.push(counted(held.length, "message"));
  return found.join(", ");
}

function treeList(known) {
  const root = make("ul");
  const open = [root];
  for (const line of lines) {
    const depth = line[0];
    while (open.length <= depth) {
      const list = make("ul");
      open[open.length - 1].lastElementChild.append(list);
      open.push(list);
    }
    open.length = depth + 1;
    const item = make("li");
    item.append(node(line, known !== null && !known.has(JSON.stringify(line))));
    open[depth].append(item);
  }
  return root;
}

// Two lines in each box. `down` puts what is below a supervisor below it, side by side; children that have nobody
// below them stand in a column, so that a class of sixty fits on a screen. Else it goes from left to right.
const BOX = { high: 42, gap: 10, between: 34, margin: 10 };
const LETTER = 7.25;

const lead = ([, title, name, , words]) => title || name || words;
const rest = (line) => {
  const words = [line[3] ? pidText(line[3]) : "", line[1] ? line[4] : "", line[5]].filter(Boolean).join(" ");
  return [words, remarks(line)].filter(Boolean).join(", ");
};

function places(down) {
  const found = [];
  const above = [];
  lines.forEach((line, index) => {
    above.length = line[0];
    const parent = line[0] ? above[line[0] - 1] : -1;
    found.push({ line, index, parent, depth: line[0], below: [], stacked: false });
    if (parent >= 0) found[parent].below.push(index);
    above.push(index);
  });
  const longest = Math.max(...lines.map((line) => Math.max(lead(line).length * 1.02, rest(line).length)));
  const wide = Math.min(Math.max(110, longest * LETTER + 18), 290);
  (down ? layDown : layRight)(found, wide);
  return { found, wide };
}

function layRight(found, wide) {
  let free = 0;
  for (const each of found) if (!each.below.length) each.row = free++;
  for (const each of [...found].reverse()) if (each.below.length) each.row = found[each.below[0]].row;
  for (const each of found) {
    each.x = BOX.margin + each.depth * (wide + BOX.between);
    each.y = BOX.margin + each.row * (BOX.high + BOX.gap);
  }
}

function layDown(found, wide) {
  const isLeaf = (index) => !found[index].below.length;
  let free = BOX.margin;
  for (const each of found) {
    if (!each.below.length || !each.below.every(isLeaf)) continue;
    each.below.forEach((index, place) => Object.assign(found[index], { stacked: true, place }));
  }
  // From left to right, the places that nothing shares; then from below, each supervisor above the middle of its own.
  for (const each of found) {
    if (each.stacked) each.x = free + 16;
    if ((each.stacked && each.index === found[each.parent].below.at(-1)) || (!each.stacked && isLeaf(each.index))) {
      each.x = free + (each.stacked ? 16 : 0);
      free += wide + BOX.gap + (each.stacked ? 16 : 0);
    }
  }
  for (const each of [...found].reverse()) {
    if (isLeaf(each.index)) continue;
    const [first, end] = [found[each.below[0]], found[each.below.at(-1)]];
    each.x = first.stacked ? first.x - 16 : (first.x + end.x) / 2;
  }
  for (const each of found) {
    const up = each.parent < 0 ? null : found[each.parent];
    if (!up) each.y = BOX.margin;
    else if (each.stacked) each.y = up.y + BOX.high + BOX.gap + each.place * (BOX.high + BOX.gap);
    else each.y = up.y + BOX.high + BOX.between;
  }
}

function edge(from, to, wide, down) {
  if (down && to.stacked) return `M${from.x + 8} ${from.y + BOX.high}V${to.y + BOX.high / 2}H${to.x}`;
  if (down) {
    const y = from.y + BOX.high + BOX.between / 2;
    return `M${from.x + wide / 2} ${from.y + BOX.high}V${y}H${to.x + wide / 2}V${to.y}`;
  }
  const x = from.x + wide + BOX.between / 2;
  return `M${from.x + wide} ${from.y + BOX.high / 2}H${x}V${to.y + BOX.high / 2}H${to.x}`;
}

function treeBox({ line, x, y }, wide, changed) {
  const [, title, name, pid, , , style] = line;
  const group = draw("g", { class: `node${changed ? " changed" : ""}` });
  const dashed = pid || !title ? "" : " dashed";
  const shape = { x, y, width: wide, height: BOX.high, rx: 5 };
  group.append(draw("rect", { ...shape, class: `panel line-box ${style || "waiting"}-line${dashed}` }));
  const room = Math.floor((wide - 16) / LETTER);
  group.append(draw("text", { x: x + 8, y: y + 17, class: "ink bold" }, cut(lead(line), room)));
  group.append(draw("text", { x: x + 8, y: y + 34, class: "soft" }, cut(rest(line), room)));
  group.append(draw("title", {}, [lead(line), name && title ? `(${name})` : "", rest(line)].filter(Boolean).join(" ")));
  if (pid) {
    group.dataset.pid = pid;
    group.classList.toggle("chosen", pid === chosen());
    group.addEventListener("click", () => choose(pid));
  }
  return group;
}

function treePicture(known) {
  const down = treeView === "down";
  const { found, wide } = places(down);
  const right = Math.max(...found.map((each) => each.x)) + wide + BOX.margin;
  const bottom = Math.max(...found.map((each) => each.y)) + BOX.high + BOX.margin;
  const picture = draw("svg", { class: "erlsim", width: right, height: bottom, role: "img" });
  picture.setAttribute("aria-label", "supervision tree");
  for (const each of found) {
    if (each.parent < 0) continue;
    picture.append(draw("path", { d: edge(found[each.parent], each, wide, down), class: "line edge" }));
  }
  for (const each of found) picture.append(treeBox(each, wide, known !== null && !known.has(JSON.stringify(each.line))));
  return picture;
}

function drawTree(before) {
  const known = before ? new Set(before.map((line) => JSON.stringify(line))) : null;
  const room = at("tree");
  // Nothing is measured in between, so the room stays scrolled to where it was.
  room.classList.toggle("picture", treeView !== "list");
  room.replaceChildren(lines.length ? (treeView === "list" ? treeList(known) : treePicture(known)) : empty("nobody is alive"));
}

// What happens is brought into sight: what has changed, or else whose event it is.
function followTree() {
  const [room, event] = [at("tree"), events[current]];
  const target = room.querySelector(".changed") || (event.pid && room.querySelector(`[data-pid="${event.pid}"]`));
  if (target) inSight(room, target);
}

function inSight(room, target) {
  const [outer, inner] = [room.getBoundingClientRect(), target.getBoundingClientRect()];
  bring(room, inner.top - outer.top + room.scrollTop, inner.height);
  if (treeView !== "list") {
    const left = inner.left - outer.left + room.scrollLeft;
    bringAcross(room, left, left + inner.width);
  }
}

for (const choice of document.querySelectorAll("[data-tree]")) {
  choice.addEventListener("click", () => {
    treeView = choice.dataset.tree;
    for (const other of document.querySelectorAll("[data-tree]")) {
      other.setAttribute("aria-pressed", String(other === choice));
    }
    for (const name of ["wide", "drawn"]) at("tree").closest(".card").classList.toggle(name, treeView !== "list");
    drawTree(null);
    followTree();
  });
}
