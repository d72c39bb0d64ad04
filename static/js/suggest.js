// Suggestions below a search box: a combobox with list autocomplete, by the ARIA Authoring Practices.
// Without this script the box is a plain search box. Nothing is chosen unless the reader moves to it.
const told = document.currentScript.dataset;
const PAUSE = 120;

document.querySelectorAll("form.search-box input[name=q]").forEach((box, number) => {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", told.label);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "visually-hidden";
  box.form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) box.setAttribute(name, value);

  let chosen = -1;
  let waiting = 0;
  let asked = 0;

  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const all = options();
    chosen = place < -1 ? all.length - 1 : place >= all.length ? -1 : place;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    if (chosen < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", all[chosen].id);
    return all[chosen].scrollIntoView({ block: "nearest" });
  }

  function option(suggestion, index) {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = suggestion.url;
    const text = document.createElement("span");
    text.textContent = suggestion.text;
    const kind = document.createElement("span");
    kind.className = "note";
    kind.textContent = suggestion.count ? told.count.replace("0", suggestion.count) : suggestion.label;
    if (suggestion.why) kind.textContent += ` · ${suggestion.why}`;
    item.append(text, " ", kind);
    return item;
  }

  // The language of the interface goes along, where the reader chose one.
  const asking = (typed) => {
    const to = new URL(told.address, location);
    to.searchParams.set("q", typed);
    return to;
  };
  const go = (url) => {
    const to = new URL(url, location);
    const ui = new URL(told.address, location).searchParams.get("ui");
    if (ui) to.searchParams.set("ui", ui);
    location.assign(to);
  };

  async function ask() {
    const turn = ++asked;
    const typed = box.value.trim();
    if (!typed) return close();
    try {
      const answer = await fetch(asking(typed));
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (turn !== asked || document.activeElement !== box) return undefined;
      list.replaceChildren(...suggestions.map(option));
      if (!suggestions.length) return close();
      list.hidden = false;
      chosen = -1;
      box.removeAttribute("aria-activedescendant");
      box.setAttribute("aria-expanded", "true");
      status.textContent = told.found.replace("0", suggestions.length);
    } catch {
      close();
    }
    return undefined;
  }

  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  box.addEventListener("compositionend", () => { waiting = setTimeout(ask, PAUSE); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && list.hidden) ask();
    else if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp" && !list.hidden) choose(chosen - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && chosen >= 0) go(options()[chosen].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) go(item.dataset.url);
  });
  box.addEventListener("blur", () => { asked += 1; close(); });
});
