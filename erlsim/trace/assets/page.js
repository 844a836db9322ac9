"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const events = data.events; // the first is the state before anything has happened
  const last = events.length - 1;
  const at = (id) => document.getElementById(id);
  const slider = at("slider");

  // ---- the state of the world, event by event -------------------------------------

  let current = -1;
  let lines = [];
  let boxes = new Map();

  function apply(event) {
    if (event.tree) lines.splice(event.tree[0], event.tree[1], ...event.tree[2]);
    for (const [pid, start, gone, come] of event.boxes || []) {
      const box = boxes.get(pid) || [];
      box.splice(start, gone, ...come);
      if (box.length) boxes.set(pid, box);
      else boxes.delete(pid);
    }
  }

  function moveTo(number) {
    if (number < current || current < 0) {
      current = -1;
      lines = [];
      boxes = new Map();
    }
    while (current < number) apply(events[++current]);
  }

  // ---- drawing ------------------------------------------------------------------------

  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const pidText = (pid) => `<0.${pid & 0x7fff}.${pid >> 15}>`;

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
    const held = pid && boxes.get(pid);
    const more = notes ? [notes] : [];
    if (held) more.push(`${held.length} message${held.length === 1 ? "" : "s"}`);
    if (more.length) made.append(", " + more.join(", "));
    return made;
  }

  function drawTree(before) {
    const known = new Set(before.map((line) => JSON.stringify(line)));
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
      item.append(node(line, before.length > 0 && !known.has(JSON.stringify(line))));
      open[depth].append(item);
    }
    at("tree").replaceChildren(lines.length ? root : make("p", "empty", "nobody is alive"));
  }

  function drawMailboxes() {
    const made = [];
    for (const pid of [...boxes.keys()].sort((one, other) => one - other)) {
      const section = make("section");
      const title = make("h3", "", `${data.titles[pid] || "process"} `);
      title.append(make("span", "pid", pidText(pid)));
      const list = make("ol");
      for (const message of boxes.get(pid)) list.append(make("li", "", message));
      section.append(title, list);
      made.push(section);
    }
    at("mailboxes").replaceChildren(...(made.length ? made : [make("p", "empty", "all empty")]));
  }

  const log = events.slice(1).map((event, index) => {
    const item = make("li");
    item.append(make("span", "time", String(event.time)), ` ${data.titles[event.pid] || ""} `);
    item.append(make("span", "pid", pidText(event.pid)), " ", make("span", "kind", event.kind), " " + event.text);
    item.title = event.text;
    item.addEventListener("click", () => show(index + 1));
    return item;
  });
  at("events").append(...log);

  const rows = [...document.querySelectorAll("#sequence .row")];
  const rowEvents = rows.map((row) => Number(row.dataset.event) + 1);
  rows.forEach((row, index) => row.addEventListener("click", () => show(rowEvents[index])));
  const cursor = document.querySelector("#timeline .cursor");
  const heads = stickyHeads();

  // The names of the lanes stay in sight while the chart scrolls below them.
  function stickyHeads() {
    const chart = document.querySelector("#sequence svg");
    const lanes = [...chart.querySelectorAll(".lane")];
    const made = chart.cloneNode(false);
    const height = 56;
    made.setAttribute("height", height);
    made.setAttribute("viewBox", `0 0 ${chart.getAttribute("width")} ${height}`);
    made.setAttribute("aria-hidden", "true");
    made.classList.add("heads");
    made.append(chart.querySelector("rect.paper").cloneNode(false), ...lanes.map((lane) => lane.cloneNode(true)));
    chart.before(made);
    chart.style.marginTop = `-${height}px`;
    return height;
  }

  function mark(list, chosen, attribute) {
    for (const each of list) if (each !== chosen) each.removeAttribute(attribute);
    if (chosen) chosen.setAttribute(attribute, "step");
  }

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

  function drawLog() {
    const chosen = log[current - 1];
    mark(log, chosen, "aria-current");
    if (chosen) bring(at("events"), chosen.offsetTop - at("events").offsetTop, chosen.offsetHeight);
    else at("events").scrollTop = 0;
  }

  function drawChart() {
    let now = -1;
    rows.forEach((row, index) => {
      if (rowEvents[index] <= current) now = index;
      row.classList.toggle("future", rowEvents[index] > current);
    });
    rows.forEach((row, index) => row.classList.toggle("now", index === now));
    const chart = at("sequence");
    if (now < 0) chart.scrollTop = 0;
    else {
      const origin = chart.getBoundingClientRect();
      const place = rows[now].querySelector(".hit").getBoundingClientRect();
      bring(chart, place.top - origin.top + chart.scrollTop, place.height, heads);
      const drawn = rows[now].lastElementChild.getBoundingClientRect();
      const left = drawn.left - origin.left + chart.scrollLeft;
      bringAcross(chart, left, left + drawn.width);
    }
    if (cursor) {
      const scale = cursor.dataset;
      const length = scale.end - scale.start || 1;
      const x = Number(scale.left) + ((events[current].time - scale.start) * scale.wide) / length;
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      bringAcross(at("timeline"), x - 60, x + 60);
    }
  }

  function words() {
    const event = events[current];
    if (!event.kind) return "before the first event";
    return `${data.titles[event.pid] || "process"} ${pidText(event.pid)} ${event.kind} ${event.text}`;
  }

  function show(number) {
    const wanted = Math.max(0, Math.min(last, number));
    const before = current === wanted - 1 ? lines.slice() : [];
    moveTo(wanted);
    slider.value = String(current);
    const time = events[current].time;
    slider.setAttribute("aria-valuetext", `event ${current} of ${last}, ${time} ms`);
    at("clock").textContent = `${current} / ${last} · ${time} ms`;
    at("status").textContent = words();
    for (const id of ["first", "earlier", "back"]) at(id).disabled = current === 0;
    for (const id of ["forward", "later", "last"]) at(id).disabled = current === last;
    drawTree(before);
    drawMailboxes();
    drawLog();
    drawChart();
    document.body.dataset.event = String(current);
  }

  // ---- moving ---------------------------------------------------------------------------

  function instant(direction) {
    let number = current;
    const time = () => events[number].time;
    if (direction > 0) {
      // To the end of the next instant.
      number = Math.min(number + 1, last);
      while (number < last && events[number + 1].time === time()) number++;
    } else {
      // To the end of the instant before.
      const now = time();
      while (number > 0 && events[number].time === now) number--;
    }
    show(number);
  }

  let timer = null;

  function play(on) {
    if (on === (timer !== null)) return;
    if (on && current === last) show(0);
    if (timer !== null) clearInterval(timer);
    timer = on ? setInterval(() => (current < last ? show(current + 1) : play(false)), 350) : null;
    at("status").setAttribute("aria-live", on ? "off" : "polite");
    at("play").setAttribute("aria-pressed", String(on));
    at("play").setAttribute("aria-label", on ? "Stop" : "Play");
    at("play").querySelector("path").setAttribute("d", on ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5l9 5.5-9 5.5z");
  }

  const moves = {
    first: () => show(0),
    earlier: () => instant(-1),
    back: () => show(current - 1),
    forward: () => show(current + 1),
    later: () => instant(1),
    last: () => show(last),
  };
  for (const [id, move] of Object.entries(moves)) {
    at(id).addEventListener("click", () => {
      play(false);
      move();
    });
  }
  at("play").addEventListener("click", () => play(timer === null));
  slider.addEventListener("input", () => {
    play(false);
    show(Number(slider.value));
  });

  const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
  const shifted = { ArrowLeft: "earlier", ArrowRight: "later" };

  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const tag = press.target.tagName;
    if (press.key === " " && tag !== "BUTTON" && tag !== "SUMMARY") {
      press.preventDefault();
      play(timer === null);
      return;
    }
    const move = (press.shiftKey ? shifted : keys)[press.key];
    if (!move) return;
    press.preventDefault();
    play(false);
    moves[move]();
  });

  // ---- reports --------------------------------------------------------------------------

  function firstAt(time) {
    let number = 0;
    while (number < last && !(events[number].time >= time && number > 0)) number++;
    while (number < last && events[number + 1].time === events[number].time) number++;
    return number;
  }

  const reports = data.reports.map((report) => {
    const made = make("details");
    const summary = make("summary");
    const [title, ...rest] = report.text.split("\n");
    const head = title.replace(/^=+/, "").replace(/=+ .*$/, "");
    const about = rest.map((line) => line.trim()).filter(Boolean).slice(0, 2).join(" · ");
    summary.append(`${report.time} ms `, make("span", `level ${report.level}`, report.level), ` ${head}: ${about}`);
    const button = make("button", "", `Go to ${report.time} ms`);
    button.type = "button";
    button.addEventListener("click", () => {
      play(false);
      show(firstAt(report.time));
    });
    made.append(summary, make("pre", "", report.text), button);
    return made;
  });
  at("reports").replaceChildren(...(reports.length ? reports : [make("p", "empty", "none")]));

  const wanted = /^#(\d+)$/.exec(location.hash);
  show(wanted ? Number(wanted[1]) : last);
})();
