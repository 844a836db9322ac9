// ---- messages and signals: the rows around what is in sight ----------------------------------

const ROW = 26;
const HEAD = 52;
const LEFT = 118; // room for the numbers of events and the times
const WIDTH = 7.25; // of a character, in px
const strokes = { spawn: "edge dashed", signal: "down-line", exit: "down-line", end: "edge", message: "ink-line" };
const inks = { signal: "down", exit: "down", end: "soft", timer: "restarting", start_timer: "restarting", late: "soft",
  link: "link", unlink: "link", monitor: "link", heir: "link" };
const heads = { signal: "down", message: "ink", spawn: "soft" };

const chart = (function () {
  const room = at("sequence");
  const rowsRoom = at("sequence-rows");
  let rows = []; // those that the filter lets through
  let numbers = []; // and the numbers of their events
  let lanes = [];
  let laneOf = new Map();
  let step = 140;
  let drawn = "";

  const x = (pid) => LEFT + step * (laneOf.get(pid) + 0.5);
  const folded = () => at("fold").checked;

  function pick() {
    const answers = new Set();
    const all = data.chart.rows;
    if (folded()) for (const row of all) if (row[5] >= 0) answers.add(all[row[5]][0]);
    const takesPart = (pid) => !filter.who || filter.who.has(pid);
    let hidden = 0;
    rows = all.filter((row) => {
      if (answers.has(row[0])) return false;
      const kind = events[row[0]].kind;
      const fits = takesPart(row[2]) && takesPart(row[3]) && filter.kinds.has(kind)
        && hasWords(row[0]);
      hidden += !fits;
      return fits;
    });
    numbers = rows.map((row) => row[0]);
    const present = new Set();
    for (const row of rows) present.add(row[2]).add(row[3]);
    const everybody = data.chart.lanes.filter((pid) => takesPart(pid));
    lanes = everybody.filter((pid) => present.has(pid));
    laneOf = new Map(lanes.map((pid, place) => [pid, place]));
    const longest = Math.max(0, ...lanes.map((pid) => titleOf(pid).length));
    // Few lanes share the room that there is, so that their words have some; many are as narrow as their names allow.
    const share = (room.clientWidth - LEFT - 240) / Math.max(lanes.length, 1);
    step = Math.min(Math.max(112, longest * WIDTH + 24, share), 300);
    const total = data.chart.lanes.length;
    const parts = [`${lanes.length.toLocaleString("en")} of ${total.toLocaleString("en")} processes`,
      `${rows.length.toLocaleString("en")} rows`];
    if (hidden) parts.push(`${hidden.toLocaleString("en")} rows hidden by the filter`);
    if (answers.size) parts.push(`${answers.size.toLocaleString("en")} answers folded into their calls`);
    at("chart-count").textContent = parts.join(", ");
  }

  // What is written right of the last lane needs room, too.
  const width = () => LEFT + step * Math.max(lanes.length, 1) + 240;

  function lifeline(pid, first, end, height) {
    const mine = life(pid);
    const from = mine.born === 0 ? 0 : (upTo(numbers, mine.born - 1) - first) * ROW + ROW / 2;
    const to = mine.ended === Infinity ? height : (upTo(numbers, mine.ended) - first) * ROW - ROW / 2 + 3;
    const [y1, y2] = [Math.max(from, 0), Math.min(to, height)];
    const group = draw("g", { class: pid === chosen() ? "lifeline chosen" : "lifeline" });
    group.append(draw("line", { x1: x(pid), x2: x(pid), y1: 0, y2: height, class: "line rule dotted" }));
    if (y2 > y1) group.append(draw("line", { x1: x(pid), x2: x(pid), y1, y2, class: "line edge" }));
    return group;
  }

  function label(row) {
    const [, , , , text, answer] = row;
    return folded() && answer >= 0 ? `${text} → ${data.chart.rows[answer][4].replace(/^reply /, "")}` : text;
  }

  function head(at_x, y, way, style) {
    return draw("polygon", { points: `${at_x},${y} ${at_x - 8 * way},${y - 4} ${at_x - 8 * way},${y + 4}`, class: style });
  }

  function cross(at_x, y, size = 5) {
    const d = `M${at_x - size} ${y - size}L${at_x + size} ${y + size}M${at_x + size} ${y - size}L${at_x - size} ${y + size}`;
    return draw("path", { d, class: "line down-line" });
  }

  // A normal end is a square, a crash is a cross.
  const ending = (kind, at_x, y) =>
    kind === "end" ? draw("rect", { x: at_x - 4, y: y - 4, width: 8, height: 8, class: "soft" }) : cross(at_x, y);

  function words(text, at_x, y, kind, anchor, length) {
    return draw("text", { x: at_x, y, class: `${inks[kind] || "ink"} halo`, "text-anchor": anchor }, cut(text, length));
  }

  function drawRow(row, place, first) {
    const [number, kind, source, target] = row;
    const y = (place - first) * ROW + ROW - 8;
    const text = label(row);
    const group = draw("g", { class: `row ${kind}`, "data-event": number });
    group.append(draw("title", {}, text), draw("rect", { x: 0, y: y - 17, width: width(), height: ROW, class: "hit" }));
    const before = place > 0 ? events[rows[place - 1][0]].time : null;
    const { time } = events[number];
    if (time !== before) group.append(draw("line", { x1: 4, x2: width(), y1: y - 17, y2: y - 17, class: "line rule" }));
    const [x1, x2] = [x(source), x(target)];
    if (source === target) alone(group, kind, x1, y, text);
    else between(group, kind, x1, x2, y, text);
    group.addEventListener("click", () => {
      play(false);
      show(number);
    });
    return group;
  }

  // The numbers of the events and the times stay in sight while the chart scrolls across.
  function gutter(first, end) {
    const height = Math.max((end - first) * ROW, 1);
    const picture = draw("svg", { class: "erlsim gutter", width: LEFT - 4, height });
    picture.style.top = `${first * ROW}px`;
    picture.append(draw("rect", { width: LEFT - 4, height, class: "paper" }));
    for (let place = first; place < end; place++) {
      const y = (place - first) * ROW + ROW - 8;
      const { time } = events[rows[place][0]];
      picture.append(draw("text", { x: 52, y, class: "soft", "text-anchor": "end" }, rows[place][0]));
      if (place === first || time !== events[rows[place - 1][0]].time) {
        picture.append(draw("text", { x: LEFT - 10, y, class: "ink", "text-anchor": "end" }, `${time} ms`));
      }
    }
    const holder = make("div", "holder");
    holder.append(picture);
    return holder;
  }

  function alone(group, kind, at_x, y, text) {
    if (kind === "exit" || kind === "end") group.append(ending(kind, at_x, y - 4));
    else if (["timer", "start_timer", "late"].includes(kind)) {
      group.append(draw("circle", { cx: at_x, cy: y - 4, r: 4, class: inks[kind] }));
    } else {
      group.append(draw("path", { d: `M${at_x} ${y - 11}h18v10h-11`, class: `line ${strokes[kind] || "link-line"}` }));
      group.append(head(at_x + 1, y - 1, -1, heads[kind] || "link"));
      at_x += 16;
    }
    group.append(words(text, at_x + 11, y, kind, "start", 60));
  }

  function between(group, kind, x1, x2, y, text) {
    const way = x2 > x1 ? 1 : -1;
    const tied = kind === "link" || kind === "unlink";
    const stroke = strokes[kind] || `link-line ${tied ? "dashed" : "dotted"}`;
    group.append(draw("line", { x1, x2: tied ? x2 : x2 - way * 6, y1: y, y2: y, class: `line ${stroke}` }));
    if (tied) for (const cx of [x1, x2]) group.append(draw("circle", { cx, cy: y, r: 3, class: "link" }));
    else if (kind === "exit" || kind === "end") group.append(ending(kind, x2, y));
    else group.append(head(x2 - way, y, way, heads[kind] || "link"));
    // Over a long arrow the words stand at its left end, which is the one that is brought into sight.
    const length = Math.max(Math.floor((Math.abs(x2 - x1) - 22) / WIDTH), 3);
    const long = Math.abs(x2 - x1) > 400;
    const [place, anchor] = long ? [Math.min(x1, x2) + 14, "start"] : [(x1 + x2) / 2, "middle"];
    group.append(words(text, place, y - 5, kind, anchor, long ? Math.min(length, 80) : length));
  }

  function redraw() {
    const first = Math.max(0, Math.floor((room.scrollTop - HEAD) / ROW) - 6);
    const end = Math.min(rows.length, Math.ceil((room.scrollTop + room.clientHeight) / ROW) + 6);
    const key = `${first} ${end} ${chosen()}`;
    if (key !== drawn) {
      drawn = key;
      const height = Math.max((end - first) * ROW, 1);
      const picture = draw("svg", { class: "erlsim", width: width(), height });
      picture.style.top = `${first * ROW}px`;
      picture.append(draw("rect", { width: width(), height, class: "paper" }));
      for (const pid of lanes) picture.append(lifeline(pid, first, end, height));
      for (let place = first; place < end; place++) picture.append(drawRow(rows[place], place, first));
      rowsRoom.replaceChildren(...(rows.length ? [gutter(first, end), picture] : [empty("no message or signal matches")]));
    }
    markNow();
  }

  const nowPlace = () => upTo(numbers, current) - 1;

  function markNow() {
    const place = nowPlace();
    for (const row of rowsRoom.querySelectorAll(".row")) {
      const number = Number(row.dataset.event);
      row.classList.toggle("future", number > current);
      row.classList.toggle("now", place >= 0 && number === numbers[place]);
    }
  }

  function drawHeads() {
    const picture = draw("svg", { class: "erlsim", width: width(), height: HEAD });
    picture.append(draw("rect", { width: width(), height: HEAD, class: "paper" }));
    for (const pid of lanes) {
      const group = draw("g", { class: "lane", "data-pid": pid });
      group.append(draw("rect", { x: x(pid) - step / 2 + 4, y: 4, width: step - 8, height: 40, rx: 5, class: "panel edge line-box" }));
      const room = Math.floor((step - 18) / WIDTH);
      group.append(draw("text", { x: x(pid), y: 20, class: "ink bold", "text-anchor": "middle" }, cut(titleOf(pid), room)));
      group.append(draw("text", { x: x(pid), y: 37, class: "soft", "text-anchor": "middle" }, pidText(pid)));
      group.append(draw("title", {}, `${titleOf(pid)} ${pidText(pid)}`));
      group.addEventListener("click", () => choose(pid));
      picture.append(group);
    }
    const corner = draw("svg", { class: "erlsim corner", width: LEFT - 4, height: HEAD });
    corner.append(draw("rect", { width: LEFT - 4, height: HEAD, class: "paper" }));
    corner.append(draw("text", { x: 52, y: HEAD - 8, class: "soft", "text-anchor": "end" }, "event"));
    corner.append(draw("text", { x: LEFT - 10, y: HEAD - 8, class: "soft", "text-anchor": "end" }, "time"));
    at("sequence-heads").replaceChildren(corner, picture);
  }

  room.addEventListener("scroll", redraw);
  new ResizeObserver(redraw).observe(room);
  at("fold").addEventListener("change", () => {
    chart.reset();
    chart.follow();
  });

  return {
    reset() {
      pick();
      drawHeads();
      rowsRoom.style.height = `${Math.max(rows.length, 1) * ROW + 12}px`;
      rowsRoom.style.width = `${width()}px`;
      drawn = "";
      redraw();
    },
    follow() {
      const place = nowPlace();
      if (place < 0) room.scrollTop = 0;
      else {
        bring(room, HEAD + place * ROW, ROW, HEAD);
        const ends = [x(rows[place][2]), x(rows[place][3])];
        const left = Math.min(...ends) - step / 2;
        bringAcross(room, left - LEFT, Math.min(Math.max(...ends) + step / 2, left + room.clientWidth - LEFT));
      }
      redraw();
    },
  };
})();

// ---- lifelines ------------------------------------------------------------------------------

let lifelinesAt = 0;

function drawLifelines() {
  for (const picture of document.querySelectorAll("#timeline [data-axis]")) {
    const cursor = picture.querySelector(".cursor");
    if (!cursor || picture.hidden) continue;
    const scale = cursor.dataset;
    const value = picture.dataset.axis === "events" ? current : now;
    const length = scale.end - scale.start || 1;
    const along = Math.min((value - scale.start) / length, 1);
    lifelinesAt = Number(scale.left) + along * scale.wide;
    cursor.setAttribute("x1", lifelinesAt);
    cursor.setAttribute("x2", lifelinesAt);
  }
}

function followLifelines() {
  bringAcross(at("timeline"), lifelinesAt - 60, lifelinesAt + 60);
}

for (const choice of document.querySelectorAll("[data-show-axis]")) {
  choice.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-show-axis]")) {
      other.setAttribute("aria-pressed", String(other === choice));
    }
    for (const picture of document.querySelectorAll("#timeline [data-axis]")) {
      picture.hidden = picture.dataset.axis !== choice.dataset.showAxis;
    }
    drawLifelines();
    followLifelines();
  });
}

for (const cross of document.querySelectorAll("#timeline .death")) {
  cross.addEventListener("click", () => show(Number(cross.dataset.event) + 1));
}
