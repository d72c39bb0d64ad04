// Adds the paragraph at hand, or each of several, to the basket, and takes it out again. The basket is the address of its page: until
// that is opened, its codes are kept for this tab alone, and go with it. Without this script the link opens a
// basket of one paragraph, to which the form of that page adds.
{
  const told = document.currentScript.dataset;
  const KEPT = "basket";

  const kept = () => {
    try {
      return (sessionStorage.getItem(KEPT) || "").split(" ").filter(Boolean);
    } catch {
      return []; // storage is switched off
    }
  };

  const keep = (codes) => {
    try {
      sessionStorage.setItem(KEPT, codes.join(" "));
    } catch {
      // as above
    }
  };

  // On the page of the basket its address is what counts.
  if ("codes" in told) keep(told.codes.split(" ").filter(Boolean));

  document.querySelectorAll(".to-basket > a[data-code]").forEach((link) => {
    const here = link.dataset.code.split(" ");
    const button = document.createElement("button");
    const open = document.createElement("a");
    const status = document.createElement("span");
    button.type = "button";
    status.setAttribute("role", "status");

    const areIn = (codes) => here.every((each) => codes.includes(each));
    const show = () => {
      const codes = kept();
      button.textContent = areIn(codes) ? told.out : told.in;
      open.hidden = !codes.length;
      open.href = `${told.basket}?${codes.map((each) => `c=${each}`).join("&")}`;
      open.textContent = told.open.replace("0", codes.length);
    };

    button.addEventListener("click", () => {
      const codes = kept();
      const others = codes.filter((each) => !here.includes(each));
      const then = areIn(codes) ? others : [...new Set([...codes, ...here])];
      const full = then.length > codes.length && then.length > Number(told.most);
      status.textContent = full ? told.full : "";
      if (!full) keep(then);
      show();
    });
    // A page that comes back out of the browser's memory tells how the basket stands now.
    addEventListener("pageshow", show);
    show();
    link.replaceWith(button, " ", open, status);
  });
}
