// On the page of a paragraph: words selected in it can be copied as a quotation with its footnote.
// Everything that is copied stands on the page; without this script it is copied from there by hand.
{
  const told = document.currentScript.dataset;
  const focus = document.querySelector(".focus > .text");
  const bar = document.createElement("div");
  const status = document.createElement("span");
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
  bar.append(status, button, field);
  focus?.closest(".reading").after(bar);

  let quoted = "";

  function chosen() {
    const selection = document.getSelection();
    if (!focus || selection.isCollapsed || !selection.rangeCount) return "";
    const range = selection.getRangeAt(0);
    return focus.contains(range.commonAncestorContainer) ? range.toString().trim() : "";
  }

  function show() {
    if (bar.contains(document.activeElement)) return; // the reader is at the button
    const words = chosen();
    bar.hidden = !words;
    field.hidden = true;
    if (!words) return;
    quoted = `\u201c${words}\u201d\n${told.footnote}`;
    status.textContent = told.chosen.replace("0", [...words].length);
  }

  button.addEventListener("click", async () => {
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
