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
