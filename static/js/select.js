// On the page of a document: words selected with mouse, finger or keyboard offer the link to their paragraphs.
// The form "from … to …" on the same page does the same without this script.
{
  const told = document.currentScript.dataset;
  const article = document.querySelector("article.reading");
  const bar = document.createElement("div");
  const status = document.createElement("span");
  const link = document.createElement("a");
  bar.className = "chosen-bar";
  bar.hidden = true;
  status.setAttribute("role", "status");
  bar.append(status, link);
  article.after(bar);

  const anchorOf = (block) => block.id.slice(2);

  function blocksOf(selection) {
    if (selection.isCollapsed || !selection.rangeCount) return [];
    const range = selection.getRangeAt(0);
    if (!range.toString().trim() || !article.contains(range.commonAncestorContainer)) return [];
    return [...article.querySelectorAll(".paragraph")].filter((block) => {
      // A selection that only touches the beginning of a paragraph does not mean it.
      const inside = document.createRange();
      inside.selectNodeContents(block.querySelector(".text"));
      return range.compareBoundaryPoints(Range.END_TO_START, inside) < 0
        && range.compareBoundaryPoints(Range.START_TO_END, inside) > 0;
    });
  }

  function spell(first, last) {
    if (first === last) return first;
    const parent = first.slice(0, first.lastIndexOf(".") + 1);
    const shared = parent && last.startsWith(parent) && !last.slice(parent.length).includes(".");
    return `${first}-${shared ? last.slice(parent.length) : last}`;
  }

  function show() {
    const blocks = blocksOf(document.getSelection());
    bar.hidden = !blocks.length;
    if (!blocks.length) return;
    const [first, last] = [blocks[0], blocks[blocks.length - 1]].map(anchorOf);
    link.href = `${told.document}/p/${spell(first, last)}`;
    link.textContent = blocks.length > 1 ? told.several : told.one;
    status.textContent = told.chosen.replace("0", blocks.length);
    const form = document.querySelector("form.range-form");
    if (form) [form.elements.from.value, form.elements.to.value] = [first, last];
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
}
