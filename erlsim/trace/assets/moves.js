// ---- moving ---------------------------------------------------------------------------------

function words() {
  const event = events[current];
  if (!event.kind) return "before the first event";
  const mark = { crash: " (a crash)", end: " (a normal end)", restart: " (a restart)" }[event.is] || "";
  return `${titleOf(event.pid)} ${pidText(event.pid)} ${event.kind} ${event.text}${mark}`;
}

let address = null;

function noteAddress() {
  clearTimeout(address);
  // Not at each step: browsers allow only so many changes of the address in a while.
  address = setTimeout(() => {
    try {
      history.replaceState(null, "", `#event=${current}`);
    } catch {
      // A page inside another one has no address of its own.
    }
  }, 300);
}

function show(number, time) {
  const wanted = Math.max(0, Math.min(last, number));
  const before = current === wanted - 1 ? lines.slice() : null;
  moveTo(wanted);
  now = Math.max(time ?? 0, events[current].time);
  at("slider").value = String(current);
  at("slider").setAttribute("aria-valuetext", `event ${current} of ${last}, ${now} ms`);
  at("clock").textContent = `${current} / ${last} · ${now} ms`;
  at("status").textContent = words();
  for (const id of ["first", "crash-back", "earlier", "back"]) at(id).disabled = current === 0;
  for (const id of ["forward", "turn", "later", "crash", "last"]) at(id).disabled = current === last;
  at("millisecond").disabled = current === last && now >= data.end;
  drawTree(before);
  drawProcess();
  drawMailboxes();
  drawTable();
  drawTables();
  drawLifelines();
  // First everything is written, then measured: each time that one follows the other, the browser lays out the page.
  followTree();
  followLifelines();
  chart.follow();
  drawLog();
  document.body.dataset.event = String(current);
  noteAddress();
}

function instant(direction) {
  let number = current;
  const time = () => events[number].time;
  if (direction > 0) {
    // To the end of the next instant.
    number = Math.min(number + 1, last);
    while (number < last && events[number + 1].time === time()) number++;
  } else {
    // To the end of the instant before.
    const from = time();
    while (number > 0 && events[number].time === from) number--;
  }
  show(number);
}

// To the end of what the process does that runs next, before another one runs.
function turn() {
  let number = Math.min(current + 1, last);
  const { pid, time } = events[number];
  while (number < last && events[number + 1].pid === pid && events[number + 1].time === time) number++;
  show(number);
}

function millisecond() {
  const until = now + 1;
  let number = current;
  while (number < last && events[number + 1].time <= until) number++;
  show(number, Math.min(until, Math.max(data.end, events[last].time)));
}

function crash(direction) {
  let number = current + direction;
  while (number > 0 && number < last && !["crash", "restart"].includes(events[number].is)) number += direction;
  show(number);
}

let timer = null;

function play(on) {
  if (on === (timer !== null)) return;
  if (on && current === last) show(0);
  if (timer !== null) clearTimeout(timer);
  const tick = () => {
    if (current >= last) return play(false);
    show(current + 1);
    timer = setTimeout(tick, 1000 / Number(at("speed").value));
  };
  timer = on ? setTimeout(tick, 1000 / Number(at("speed").value)) : null;
  at("status").setAttribute("aria-live", on ? "off" : "polite");
  at("play").setAttribute("aria-pressed", String(on));
  at("play").setAttribute("aria-label", on ? "Stop" : "Play");
  at("play").querySelector("path").setAttribute("d", on ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5l9 5.5-9 5.5z");
}

const moves = {
  first: () => show(0),
  "crash-back": () => crash(-1),
  earlier: () => instant(-1),
  back: () => show(current - 1),
  forward: () => show(current + 1),
  turn,
  later: () => instant(1),
  millisecond,
  crash: () => crash(1),
  last: () => show(last),
  "process-back": () => ofProcess(-1),
  "process-forward": () => ofProcess(1),
};
for (const [id, move] of Object.entries(moves)) {
  at(id).addEventListener("click", () => {
    play(false);
    move();
  });
}
at("play").addEventListener("click", () => play(timer === null));
at("slider").addEventListener("input", () => {
  play(false);
  show(Number(at("slider").value));
});

const keys = {
  ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last",
  t: "turn", m: "millisecond", c: "crash", C: "crash-back", p: "process-forward", P: "process-back",
};
const shifted = { ArrowLeft: "earlier", ArrowRight: "later" };

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey) return;
  const { tagName, type } = press.target;
  if (tagName === "SELECT" || (tagName === "INPUT" && type !== "range" && type !== "checkbox")) return;
  if (press.key === "/") {
    press.preventDefault();
    at("search").focus();
    return;
  }
  if (press.key === " " && tagName !== "BUTTON" && tagName !== "SUMMARY" && tagName !== "INPUT") {
    press.preventDefault();
    play(timer === null);
    return;
  }
  const move = (press.shiftKey && shifted[press.key]) || keys[press.key];
  if (!move) return;
  press.preventDefault();
  play(false);
  moves[move]();
});

// ---- the beginning --------------------------------------------------------------------------

// In a notebook: its theme, which is that of the page around the frame.
function takeTheme() {
  try {
    const around = window.frameElement && window.parent.document.body;
    if (!around) return;
    const dark = around.dataset.jpThemeLight === "false" || around.classList.contains("vscode-dark") || around.dataset.theme === "dark";
    const light = around.dataset.jpThemeLight === "true" || around.classList.contains("vscode-light") || around.dataset.theme === "light";
    if (dark || light) document.body.dataset.theme = dark ? "dark" : "light";
  } catch {
    // The page around belongs to somebody else: the system's choice holds.
  }
}

function fromAddress() {
  const wanted = /^#(?:event=)?(\d+)$/.exec(location.hash);
  return wanted ? Number(wanted[1]) : null;
}

window.addEventListener("hashchange", () => {
  const wanted = fromAddress();
  if (wanted !== null && wanted !== current) show(wanted);
});

takeTheme();
moveTo(0);
findMatches();
log.reset();
chart.reset();
show(fromAddress() ?? data.start ?? last);
