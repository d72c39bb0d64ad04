// Adds the paragraph at hand to the basket, and takes it out again. The basket is the address of its page: until
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
    const { code } = link.dataset;
    const button = document.createElement("button");
    const open = document.createElement("a");
    const status = document.createElement("span");
    button.type = "button";
    status.setAttribute("role", "status");

    const show = () => {
      const codes = kept();
      button.textContent = codes.includes(code) ? told.out : told.in;
      open.hidden = !codes.length;
      open.href = `${told.basket}?${codes.map((each) => `c=${each}`).join("&")}`;
      open.textContent = told.open.replace("0", codes.length);
    };

    button.addEventListener("click", () => {
      const codes = kept();
      const full = !codes.includes(code) && codes.length >= Number(told.most);
      status.textContent = full ? told.full : "";
      if (!full) keep(codes.includes(code) ? codes.filter((each) => each !== code) : [...codes, code]);
      show();
    });
    // A page that comes back out of the browser's memory tells how the basket stands now.
    addEventListener("pageshow", show);
    show();
    link.replaceWith(button, " ", open, status);
  });
}
