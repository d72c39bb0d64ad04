// The basket: which paragraphs are in it is kept in this browser, for all its tabs, and its page has them in its
// address. Every link to the basket leads to what is kept. Adds the paragraph at hand, or each of several, and takes
// it out again. Without this script, or where the browser keeps nothing, a link opens a basket of one paragraph, to
// which the form of that page adds.
{
  const told = document.currentScript.dataset;
  const KEPT = "basket";

  const kept = () => (localStorage.getItem(KEPT) || "").split(" ").filter(Boolean);
  const keep = (codes) => localStorage.setItem(KEPT, codes.join(" "));
  const address = (codes) => {
    const to = new URL(told.basket, location);
    codes.forEach((each) => to.searchParams.append("c", each));
    return to.pathname + to.search;
  };
  const shown = []; // what is to be told anew when the basket changes, here or in another tab

  function start() {
    keep(kept()); // throws where nothing can be kept; then all stays as without this script
    const page = document.querySelector("[data-basket-codes]");
    if (page) atBasket(page);
    document.querySelectorAll(".to-basket > a[data-code]").forEach(offer);
    document.querySelectorAll(`a[href="${told.basket}"]:not([data-takes-out])`).forEach(lead);
    show();
    // A page that comes back out of the browser's memory, and every other tab, tells how the basket stands now.
    addEventListener("pageshow", show);
    addEventListener("storage", show);
  }

  function lead(link) {
    const label = link.textContent;
    const counts = link.closest(".site-menu");
    shown.push((codes) => {
      link.href = address(codes);
      if (counts) link.textContent = codes.length ? told.name.replace("0", codes.length) : label;
    });
  }

  function show() {
    const codes = kept();
    shown.forEach((each) => each(codes));
  }

  // On its page. An address that holds all that is kept is taken for the basket; any other is only looked at, as
  // that of somebody else. What was gone back to may have been changed since.
  function atBasket(page) {
    const here = page.dataset.basketCodes.split(" ").filter(Boolean);
    const unknown = page.dataset.basketWrong.split(" ");
    const mine = kept().filter((code) => !unknown.includes(code));
    const wentBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    keep(!wentBack && mine.every((code) => here.includes(code)) ? here : mine);
    if (!new URLSearchParams(location.search).has("c") && kept().length && !wentBack) location.replace(address(kept()));
    document.querySelectorAll("a[data-takes-out]").forEach((link) => link.addEventListener("click", () => {
      keep(kept().filter((code) => code !== link.dataset.takesOut));
    }));
  }

  function offer(link) {
    const here = link.dataset.code.split(" ");
    const words = link.dataset;
    const button = document.createElement("button");
    const open = document.createElement("a");
    const status = document.createElement("span");
    button.type = "button";
    status.setAttribute("role", "status");

    const areIn = (codes) => here.every((each) => codes.includes(each));
    shown.push((codes) => {
      button.textContent = areIn(codes) ? words.out : words.in;
      open.hidden = !codes.length;
      open.href = address(codes);
      open.textContent = told.open.replace("0", codes.length);
    });

    button.addEventListener("click", () => {
      const codes = kept();
      const others = codes.filter((each) => !here.includes(each));
      const then = areIn(codes) ? others : [...new Set([...codes, ...here])];
      const full = then.length > codes.length && then.length > Number(told.most);
      status.textContent = full ? words.full : "";
      if (!full) keep(then);
      show();
    });
    link.replaceWith(button, " ", open, status);
  }

  try {
    start();
  } catch {
    // storage is switched off
  }
}
