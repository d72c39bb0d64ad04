// Words selected with mouse, finger or keyboard are offered as a quotation with its footnote: on the page of a
// paragraph those of the paragraph; on that of a document all, with the link to their paragraphs. Without this
// script they are copied by hand, and the form "from … to …" of the document gives the link.
{
  const told = document.currentScript.dataset;
  const article = told.document
    ? document.querySelector("article.reading")
    : document.querySelector(".focus > .text")?.closest(".reading");
  const bar = document.createElement("div");
  const status = document.createElement("span");
  const link = document.createElement("a");
  const button = document.createElement("button");
  const field = document.createElement("textarea");
  bar.className = "chosen-bar";
  bar.hidden = true;
  status.setAttribute("role", "status");
  button.type = "button";
  button.textContent = told.copy;
  field.readOnly = true;
  field.hidden = true;
  field.setAttribute("aria-label", told.label);
  bar.append(status, ...(told.document ? [link] : []), button, field);
  article?.after(bar);

  let words = "";

  const anchorOf = (block) => block.id.slice(2);

  // What is selected of each paragraph: [paragraph, words], without numbers and counts beside it.
  function chosen() {
    const selection = document.getSelection();
    if (!article || selection.isCollapsed || !selection.rangeCount) return [];
    const range = selection.getRangeAt(0);
    const within = told.document ? article : article.querySelector(".focus > .text");
    if (!within?.contains(range.commonAncestorContainer)) return [];
    return [...article.querySelectorAll(told.document ? ".paragraph" : ".focus")].flatMap((block) => {
      if (!range.intersectsNode(block)) return [];
      const part = document.createRange();
      part.selectNodeContents(block.querySelector(".text"));
      if (range.compareBoundaryPoints(Range.START_TO_END, part) <= 0) return [];
      if (range.compareBoundaryPoints(Range.END_TO_START, part) >= 0) return [];
      if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
      if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
      const inside = part.toString().trim();
      return inside ? [[block, inside]] : [];
    });
  }

  function spell(first, last) {
    if (first === last) return first;
    const parent = first.slice(0, first.lastIndexOf(".") + 1);
    const shared = parent && last.startsWith(parent) && !last.slice(parent.length).includes(".");
    return `${first}-${shared ? last.slice(parent.length) : last}`;
  }

  function show() {
    if (bar.contains(document.activeElement)) return; // the reader is at the button
    const parts = chosen();
    bar.hidden = !parts.length;
    field.hidden = true;
    if (!parts.length) return;
    words = parts.map(([, each]) => each).join("\n");
    if (!told.document) {
      status.textContent = told.chosen.replace("0", [...words].length);
      return;
    }
    const [first, last] = [parts[0], parts[parts.length - 1]].map(([block]) => anchorOf(block));
    const ui = new URLSearchParams(location.search).get("ui");
    link.href = `${told.document}/p/${spell(first, last)}${ui ? `?ui=${ui}` : ""}`;
    link.textContent = parts.length > 1 ? told.several : told.one;
    status.textContent = told.chosen.replace("0", parts.length);
    const form = document.querySelector("form.range-form");
    if (form) [form.elements.from.value, form.elements.to.value] = [first, last];
  }

  async function footnote() {
    if (!told.document) return told.footnote;
    const answer = await fetch(`${link.pathname}/cite.json`);
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).forms["un-link"];
  }

  button.addEventListener("click", async () => {
    let note = "";
    try {
      note = await footnote();
    } catch {
      status.textContent = told.unavailable;
      return;
    }
    const quoted = `\u201c${words}\u201d\n${note}`;
    try {
      await navigator.clipboard.writeText(quoted);
      status.textContent = told.copied;
    } catch {
      status.textContent = told.refused;
      field.hidden = false;
      field.value = quoted;
      field.select();
    }
  });

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
}
