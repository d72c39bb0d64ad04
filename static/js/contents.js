// The contents of a document follow the place: the section that is being read is marked, and named beside 目录
// where the list is folded (phones). Without this script the list is the same, without the mark.
{
  const list = document.querySelector("details.contents");
  const links = new Map([...list.querySelectorAll("nav a[href^='#']")].map((link) => [link.hash.slice(1), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const here = list.querySelector(".here");
  let marked = null;

  function mark() {
    // The last heading above the upper third of the window.
    const line = window.innerHeight / 3;
    const passed = heads.filter((head) => head.getBoundingClientRect().top <= line);
    const link = passed.length ? links.get(passed[passed.length - 1].id) : null;
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    marked = link;
    here.textContent = link ? link.querySelector("span").textContent : "";
    const frame = list.querySelector("nav");
    if (link && frame.scrollHeight > frame.clientHeight) {
      frame.scrollTop = link.offsetTop - frame.offsetTop - frame.clientHeight / 2;
    }
  }

  if (heads.length && "IntersectionObserver" in window) {
    // All that lies above counts as seen, so that a leap over many headings is noticed too.
    const watcher = new IntersectionObserver(mark, { rootMargin: "9999999px 0px -66% 0px" });
    heads.forEach((head) => watcher.observe(head));
    mark();
  }
  // Folded over the text, the list gives way to the place that was chosen.
  const folds = () => getComputedStyle(list.querySelector("summary")).display !== "none";
  list.querySelector("nav")?.addEventListener("click", (event) => {
    if (event.target.closest("a") && folds()) list.open = false;
  });
}
