// Remembers on this device which citation style was chosen last. Without it, the first one is chosen.
const KEPT = "citation-style";

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is switched off: nothing is remembered
  }
}

document.querySelectorAll(".choices").forEach((group) => {
  const radios = [...group.querySelectorAll("input[type=radio]")];
  const before = radios.find((radio) => radio.value === kept());
  if (before) before.checked = true;
  group.addEventListener("change", (event) => {
    try {
      localStorage.setItem(KEPT, event.target.value);
    } catch {
      // as above
    }
  });
});
