"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [reasons, moments, places, words] = ["reason", "moment", "places", "words"].map((id) => document.getElementById(id));
  const of = (index) => [...new Set(data.blasts.map((blast) => blast[index]))];
  for (const [select, names] of [[reasons, of(1)], [moments, of(2)]]) {
    for (const name of names) select.append(new Option(name, name));
    select.addEventListener("change", show);
  }
  let victim = data.blasts.length ? data.blasts[0][0] : "";
  const make = (name, text, cls) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (cls) made.className = cls;
    return made;
  };
  function show() {
    const blast = data.blasts.find((each) => each[0] === victim && each[1] === reasons.value && each[2] === moments.value);
    const marks = new Map(blast ? blast[5].map((mark) => [mark[0], mark]) : []);
    const known = new Set(data.places.map((place) => place[0]));
    const rows = [...data.places, ...[...marks.keys()].filter((name) => !known.has(name)).map((name) => [name, 0, "came later"])];
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.name : null;
    places.replaceChildren(...rows.map(([name, depth, detail]) => {
      const mark = marks.get(name);
      const item = make("li", "", mark ? mark[1] : "untouched");
      item.style.paddingLeft = `${depth * 26}px`;
      const button = make("button", name);
      button.type = "button";
      button.dataset.name = name;
      button.setAttribute("aria-pressed", String(name === victim));
      button.disabled = !known.has(name);
      button.addEventListener("click", () => { victim = name; show(); });
      item.append(button, make("span", detail, "detail"), make("span", mark ? mark[2] : "", "words"));
      return item;
    }));
    if (focused) for (const button of places.querySelectorAll("button")) if (button.dataset.name === focused) button.focus();
    document.getElementById("outcome").textContent = blast
      ? `${victim}, ${blast[1]} ${blast[2]}: ${blast[3]}` : `${victim}: this strike was not tried.`;
    words.replaceChildren(...(blast ? data.heads.flatMap((head, at) => [make("dt", head), make("dd", blast[4][at])]) : []));
  }
  show();
})();
