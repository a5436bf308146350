// Copies a telephone number, an e-mail address or a postal address, and says so.

const status = document.getElementById("copied");

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(button, status.dataset.copied);
    } catch {
      // The browser refuses: what is to be copied is selected for the keyboard.
      getSelection().selectAllChildren(button.closest("dd").querySelector("a, .number, address"));
      say(button, status.dataset.selected);
    }
  });
}

function say(button, text) {
  status.textContent = text;
  for (const each of document.querySelectorAll(".copy[data-said]")) delete each.dataset.said;
  button.dataset.said = text;
}
