// ---- a long list, of which only what is in sight is made ------------------------------------

function windowed(container, inner, height, count, makeItem) {
  let drawn = [-1, -1];
  function redraw() {
    const first = Math.max(0, Math.floor(container.scrollTop / height) - 8);
    const end = Math.min(count(), Math.ceil((container.scrollTop + container.clientHeight) / height) + 8);
    if (first === drawn[0] && end === drawn[1]) return;
    drawn = [first, end];
    const made = [];
    for (let place = first; place < end; place++) {
      const item = makeItem(place);
      item.style.top = `${place * height}px`;
      made.push(item);
    }
    inner.replaceChildren(...made);
  }
  container.addEventListener("scroll", redraw);
  new ResizeObserver(redraw).observe(container);
  return {
    redraw,
    reset() {
      inner.style.height = `${count() * height}px`;
      drawn = [-1, -1];
      redraw();
    },
    bring(place) {
      bring(container, place * height, height);
      drawn = [-1, -1];
      redraw();
    },
  };
}

const LINE = 21;

function logLine(place) {
  const number = matches[place];
  const event = events[number];
  const item = make("li", event.is || "");
  const who = `${titleOf(event.pid)} `;
  item.append(make("span", "number", number), make("span", "time", event.time), ` ${who}`);
  item.append(make("span", "pid", pidText(event.pid)), " ", make("span", "kind", event.kind), " " + event.text);
  item.title = event.text;
  item.dataset.event = number;
  item.setAttribute("aria-posinset", number);
  item.setAttribute("aria-setsize", last);
  if (number === current) item.setAttribute("aria-current", "step");
  item.addEventListener("click", () => {
    play(false);
    show(number);
  });
  return item;
}

const log = windowed(at("events"), at("log"), LINE, () => matches.length, logLine);

function drawLog() {
  const place = upTo(matches, current) - 1;
  if (current === 0 || place < 0) {
    at("events").scrollTop = 0;
    log.bring(0);
  } else log.bring(place);
}
