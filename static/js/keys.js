// Keys of a single character: / the search box, j and k the next and the previous paragraph or entry, ? what the
// keys are. They are off where text is typed, while Ctrl, Alt or Meta is held, and where the reader switched them
// off on the page of help (WCAG 2.1.4). Nothing on any page needs them.
{
  const told = document.currentScript.dataset;
  const KEPT = "keys-off";
  const STOPS = ".reading .paragraph > .number, .hit :is(h2, h3, h4) a, .documents :is(h2, h3) a, .list tbody th a";

  const kept = {
    get off() { try { return localStorage.getItem(KEPT) === "1"; } catch { return false; } },
    set off(value) { try { localStorage.setItem(KEPT, value ? "1" : ""); } catch { /* nothing is remembered */ } },
  };

  const box = document.getElementById("keys-off");
  if (box) {
    box.closest("[hidden]").hidden = false;
    box.checked = kept.off;
    box.addEventListener("change", () => { kept.off = box.checked; });
  }

  function isTyping(element) {
    return element.isContentEditable || element.matches("input, textarea, select, [role=textbox]");
  }

  // From where the reader is: the stop that has the focus, else the first below the top of the window.
  function step(by) {
    const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility?.() ?? true);
    const at = stops.indexOf(document.activeElement);
    const below = stops.findIndex((stop) => stop.getBoundingClientRect().top >= 0);
    const rest = below < 0 ? stops.length : below;
    const next = stops[at >= 0 ? at + by : by > 0 ? rest : rest - 1];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  function toSearch() {
    const boxes = [...document.querySelectorAll("form.search-box input[name=q]")];
    const shown = boxes.find((field) => field.getClientRects().length);
    if (shown) shown.select();
    return shown;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || kept.off) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/" && toSearch()) event.preventDefault();
    else if (event.key === "?") location.assign(told.help);
  });
}
