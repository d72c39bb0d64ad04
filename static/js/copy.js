// Adds a button to each field that is there to be copied: one click, and the words are on the clipboard.
// A text area gives its text, and what its data-html says as rich text; any other element gives its words and
// its links, so that a word processor keeps them.
// Words of the button are the page's, or those of the part of the page that has a language of its own.
// Without this script, and where a browser has no clipboard, everything can be selected and copied by hand.
const ofPage = document.currentScript.dataset;

function labelOf(field) {
  return document.querySelector(`label[for="${field.id}"], [data-labels="${field.id}"]`);
}

async function put(field) {
  const isText = "value" in field;
  const plain = isText ? field.value : field.innerText.trim();
  const rich = isText ? field.dataset.html : field.innerHTML.trim();
  if (!rich || !window.ClipboardItem || !navigator.clipboard.write) return navigator.clipboard.writeText(plain);
  const flavour = (type, text) => new Blob([text], { type });
  return navigator.clipboard.write([new ClipboardItem({
    "text/html": flavour("text/html", rich),
    "text/plain": flavour("text/plain", plain),
  })]);
}

document.querySelectorAll(".copyable").forEach((field) => {
  if (!navigator.clipboard) return;
  const words = field.closest("[data-copy]")?.dataset ?? ofPage;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  const label = labelOf(field);
  if (label) button.setAttribute("aria-label", words.copy + label.textContent);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "copied";
  button.addEventListener("click", async () => {
    try {
      await put(field);
      status.textContent = words.copied;
    } catch {
      // The browser refused: select the field, so that the reader's own copy command takes it.
      if ("select" in field) field.select();
      else window.getSelection().selectAllChildren(field);
      status.textContent = words.refused || "";
    }
    setTimeout(() => { status.textContent = ""; }, 3000);
  });
  field.after(button, status);
});
