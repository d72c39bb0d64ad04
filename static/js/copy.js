// Adds a button to each read-only field that is there to be copied. Without it, the field can be selected.
const words = document.currentScript.dataset;

document.querySelectorAll("textarea.copyable").forEach((field) => {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  const label = document.querySelector(`label[for="${field.id}"]`);
  if (label) button.setAttribute("aria-label", words.copy + label.textContent);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "copied";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    status.textContent = words.copied;
    setTimeout(() => { status.textContent = ""; }, 2000);
  });
  field.after(button, status);
});
