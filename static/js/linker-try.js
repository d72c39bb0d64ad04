// Tries the linker: the text is set below and linked there. Nothing is sent.
const field = document.querySelector("#linker-text");
document.querySelector(".linker-try button").addEventListener("click", () => {
  const result = document.querySelector("#linker-result");
  result.textContent = field.value;
  globalThis.archive1540.link(result);
});
