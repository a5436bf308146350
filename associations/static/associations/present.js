// The form of an entry tells each minute that it is open, and hears who else has it open.

const MINUTE = 60_000; // milliseconds
const told = document.getElementById("present");

async function tell() {
  if (document.visibilityState === "hidden") return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const response = await fetch(told.dataset.url, { method: "POST", body });
    if (!response.ok) return;
    const { text } = await response.json();
    if (told.textContent !== text) told.textContent = text;
    told.hidden = !text;
  } catch {
    // A hint that does not come is no error of the form.
  }
}

tell();
setInterval(tell, MINUTE);
document.addEventListener("visibilitychange", tell);
