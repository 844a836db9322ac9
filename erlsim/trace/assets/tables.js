// ---- ETS tables -----------------------------------------------------------------------------

function drawTables() {
  if (!data.recorded) return;
  const made = [...tables.values()].map((table) => {
    const section = make("details");
    section.open = !closedTables.has(table.number);
    section.addEventListener("toggle", () => (section.open ? closedTables.delete(table.number) : closedTables.add(table.number)));
    const summary = make("summary");
    summary.append(make("strong", "", table.name), ` ${table.words}, ${counted(table.size, "row")}`);
    if (table.writer) summary.append(`, last written by ${titleOf(table.writer)} ${pidText(table.writer)} at ${table.written} ms`);
    section.append(summary);
    const list = make("ol", "ets");
    for (const row of table.rows) list.append(make("li", row === table.fresh ? "changed" : "", row));
    section.append(list);
    if (table.size > table.rows.length) section.append(empty(`… ${counted(table.size - table.rows.length, "more row")}`));
    return section;
  });
  at("ets").replaceChildren(...(made.length ? made : [empty("no table")]));
}

const closedTables = new Set();

// ---- reports --------------------------------------------------------------------------------

function firstAt(time) {
  let number = 0;
  while (number < last && !(events[number].time >= time && number > 0)) number++;
  while (number < last && events[number + 1].time === events[number].time) number++;
  return number;
}

function reportOf(report) {
  const made = make("details");
  const summary = make("summary");
  const [title, ...rest] = report.text.split("\n");
  const name = title.replace(/^=+/, "").replace(/=+ .*$/, "");
  const about = rest.map((line) => line.trim()).filter(Boolean).slice(0, 2).join(" · ");
  summary.append(`${report.time} ms `, make("span", `level ${report.level}`, report.level), ` ${name}: ${about}`);
  made.append(summary, make("pre", "", report.text));
  made.append(
    button(`Go to ${report.time} ms`, () => {
      play(false);
      show(firstAt(report.time));
    }),
  );
  return made;
}

at("reports").replaceChildren(...(data.reports.length ? data.reports.map(reportOf) : [empty("none")]));
