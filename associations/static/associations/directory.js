// What htmx leaves to the page: short addresses, and a reader's place in what was exchanged.

const open = new Set();
let place = null;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of Object.entries(detail.parameters)) {
    if (value === "") delete detail.parameters[name];
  }
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  open.clear();
  for (const { id } of detail.target.querySelectorAll("details[open]")) open.add(id);
  place = detail.target.contains(document.activeElement) ? document.activeElement : null;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  // What had the focus is gone with the filter that it took away.
  if (place && document.activeElement === document.body) {
    document.getElementById(place.id || "results-title")?.focus();
  }
});

// What is ticked to be compared: how many, and no more than stand side by side.

function countTicks() {
  const form = document.getElementById("comparison");
  if (!form) return;
  const ticks = [...form.elements].filter(({ type }) => type === "checkbox");
  const ticked = ticks.filter(({ checked }) => checked).length;
  for (const tick of ticks) tick.disabled = !tick.checked && ticked >= form.dataset.most;
  const status = form.querySelector("[data-count]");
  status.textContent = ticked ? status.dataset.count.replace("{n}", ticked) : "";
}

document.addEventListener("change", ({ target }) => {
  if (target.form?.id === "comparison") countTicks();
});
window.addEventListener("pageshow", countTicks); // a browser that comes back has kept the ticks
