// Suggestions under the search box: the ARIA pattern of a combobox with a list, chosen by hand.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const PAUSE = 120; // milliseconds without a key before anything is asked
const SHORTEST = 2; // characters

let waiting;
let asked;

const isBox = (element) => element.isConnected && element.matches?.("[data-suggest]");
const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const optionsOf = (box) => [...listOf(box).children];
const chosenOf = (box) => listOf(box).querySelector("[aria-selected=true]");
const isOpen = (box) => box.getAttribute("aria-expanded") === "true";

// A box becomes a combobox only where this script runs; again where htmx has exchanged it.
function prepare() {
  for (const box of document.querySelectorAll("[data-suggest]:not([role])")) {
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", `${box.id}-suggestions`);
  }
}

function forget() {
  clearTimeout(waiting);
  asked?.abort();
}

function close(box) {
  forget();
  choose(box, null);
  listOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
}

function open(box) {
  if (!optionsOf(box).length) return;
  listOf(box).hidden = false;
  box.setAttribute("aria-expanded", "true");
}

function choose(box, option) {
  chosenOf(box)?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function move(box, step) {
  const options = optionsOf(box);
  const at = options.indexOf(chosenOf(box));
  const first = step > 0 ? 0 : options.length - 1;
  choose(box, at < 0 ? options[first] : options[(at + step + options.length) % options.length]);
}

function go(option) {
  location.assign(option.dataset.url);
}

async function suggest(box) {
  const text = box.value.trim();
  const url = new URL(box.dataset.suggest, location);
  url.searchParams.set("q", text);
  asked = new AbortController();
  try {
    const response = await fetch(url, { signal: asked.signal });
    if (!response.ok) return close(box);
    show(box, (await response.json()).results);
  } catch (error) {
    if (error.name !== "AbortError") close(box);
  }
}

function show(box, found) {
  const chosen = chosenOf(box)?.dataset.url;
  listOf(box).replaceChildren(...found.map((each, number) => optionFor(box, each, number)));
  // Who has begun to choose, and then gets the answer to a last letter, goes on from there.
  choose(box, chosen && optionsOf(box).find((option) => option.dataset.url === chosen));
  if (found.length) open(box);
  else close(box);
  tell(box, count(box, found.length));
}

function count(box, number) {
  const { none, one, many } = box.dataset;
  return number > 1 ? many.replace("{n}", number) : number ? one : none;
}

function tell(box, text) {
  document.getElementById(`${box.id}-status`).textContent = text;
}

function optionFor(box, found, number) {
  const option = document.createElement("li");
  option.id = `${box.id}-suggestion-${number}`;
  option.dataset.url = box.dataset.to?.replace("{slug}", found.slug) ?? found.url;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = part("suggestion-name", found.name);
  if (found.language) name.lang = found.language;
  option.append(name);
  if (found.acronym) option.append(" ", part("acronym", found.acronym));
  const about = [found.place, found.is_near && box.dataset.near].filter(Boolean).join(" · ");
  if (about) option.append(" ", part("suggestion-place", about));
  return option;
}

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

const KEYS = {
  ArrowDown(box, event) {
    const wasOpen = isOpen(box);
    open(box);
    if (isOpen(box) && (wasOpen || !event.altKey)) move(box, 1);
    return isOpen(box);
  },
  ArrowUp(box, event) {
    if (event.altKey) close(box);
    else open(box);
    if (isOpen(box)) move(box, -1);
    return isOpen(box) || event.altKey;
  },
  Enter(box) {
    const chosen = chosenOf(box);
    close(box);
    if (chosen) go(chosen);
    return chosen;
  },
  Escape(box) {
    const wasOpen = isOpen(box);
    close(box);
    return wasOpen; // a second one clears the box, as browsers do
  },
};

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!isBox(box) || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (KEYS[event.key]?.(box, event)) event.preventDefault();
  // Whoever goes on in the text is no longer in the list.
  else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) choose(box, null);
});

document.addEventListener("input", ({ target: box }) => {
  if (!isBox(box)) return;
  forget();
  choose(box, null);
  tell(box, "");
  if (box.value.trim().length < SHORTEST) return close(box);
  waiting = setTimeout(suggest, PAUSE, box);
});

document.addEventListener("focusout", ({ target }) => {
  if (isBox(target)) close(target);
});

document.addEventListener("submit", ({ target }) => {
  const box = target.querySelector("[data-suggest]");
  if (box) close(box);
});

// The box keeps the focus while an option is pressed.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".suggestions")) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const option = target.closest(".suggestions > li");
  if (option) go(option);
});

document.addEventListener("htmx:afterSwap", prepare);
prepare();
