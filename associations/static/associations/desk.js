// The buttons and links of an entry at work have keys, shown on them; a switch turns them off.

const shortcuts = document.querySelector(".shortcuts");
const toggle = shortcuts.querySelector("button");
const targets = new Map(
  [...document.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each]),
);
const hints = [...targets].map(([key, target]) => {
  const hint = document.createElement("kbd");
  hint.textContent = key;
  if (target.tagName === "SELECT") target.before(hint, " ");
  else target.append(" ", hint);
  target.setAttribute("aria-keyshortcuts", key);
  return hint;
});

function show(isOn) {
  toggle.setAttribute("aria-pressed", isOn);
  for (const hint of hints) hint.hidden = !isOn;
}

function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]") !== null;
}

toggle.addEventListener("click", () => {
  const isOn = toggle.getAttribute("aria-pressed") !== "true";
  localStorage.setItem("keys", isOn ? "on" : "off");
  show(isOn);
});

document.addEventListener("keydown", (event) => {
  const isOn = toggle.getAttribute("aria-pressed") === "true";
  if (!isOn || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
  const target = targets.get(event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  if (target.tagName === "SELECT") target.focus();
  else target.click();
});

shortcuts.hidden = false;
show(localStorage.getItem("keys") !== "off");
