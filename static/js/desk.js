// Keys for whoever looks at a file at the desk: n and p the next and the previous doubt, e to put right the block in
// focus, s to split it, a to publish. Off where text is typed and where keys are switched off (see keys.js). A page
// whose file is being read looks every other second whether that is done; that of a batch shows what became of it.
{
  const off = () => { try { return localStorage.getItem("keys-off") === "1"; } catch { return false; } };
  const doubted = () => [...document.querySelectorAll(".desk-blocks .doubted")];
  const block = () => document.activeElement?.closest?.(".desk-blocks li") ?? document.querySelector(".desk-blocks li:target");

  function step(by) {
    const stops = doubted();
    const here = block();
    const at = stops.indexOf(here);
    const behind = stops.findIndex((stop) => here && here.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);
    const rest = behind < 0 ? stops.length : behind;
    const next = stops[at >= 0 ? at + by : !here ? (by > 0 ? 0 : stops.length - 1) : by > 0 ? rest : rest - 1];
    if (!next) return document.querySelector(`a[data-doubt="${by}"]`)?.click(); // in another part
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  function mend(split) {
    const here = block();
    const form = here?.querySelector("form.mend");
    if (form) form.querySelector(split ? "[name=from]" : "[name=number]").focus();
    else {
      const link = here?.querySelector("a.mend-link");
      if (split && link) link.hash = "m-from";
      link?.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented || off()) return;
    if (event.target.matches("input, textarea, select, [role=textbox]")) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "e" || event.key === "s") mend(event.key === "s");
    else if (event.key === "a") document.querySelector("button[data-key=a]")?.click();
    else return;
    event.preventDefault();
  });

  // The browser gives the focus to the block that the address names, once the page is there; after that it is ours.
  const opened = () => document.querySelector("[autofocus]") ?? document.querySelector("form.mend :target") ?? document.querySelector("form.mend :is([name=number], [name=symbol])");
  addEventListener("load", () => requestAnimationFrame(() => opened()?.focus()));

  if (document.currentScript.dataset.waiting) {
    setInterval(async () => {
      const page = await fetch(location.pathname, { credentials: "same-origin" });
      if (page.ok && !/data-waiting/.test(await page.text()) && !document.querySelector("form.mend, :checked:is([name=pick], [name=row])")) location.reload();
    }, 2000);
  }

  if (document.currentScript.dataset.batch) {
    const parts = [".desk-states", ".desk-list", "#main .desk-acts"];
    const look = setInterval(async () => {
      const page = await fetch(location.href, { credentials: "same-origin" });
      if (!page.ok) return;
      const now = new DOMParser().parseFromString(await page.text(), "text/html");
      const pairs = parts.map((part) => [document.querySelector(part), now.querySelector(part)]);
      if (pairs.some(([old]) => old?.contains(document.activeElement) || old?.querySelector("[name=pick]:checked"))) return;
      if (!now.querySelector("script[data-batch]")) clearInterval(look);
      if (pairs[0][0].innerHTML === pairs[0][1]?.innerHTML) return;
      for (const [old, fresh] of pairs) if (old && fresh) old.replaceWith(fresh);
    }, 3000);
  }
}
