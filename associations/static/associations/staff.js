// What select2 shows in the place of a field is called as the field whose it is.

function callByItsLabel(box) {
  const select = box.previousElementSibling;
  const label = select.labels[0];
  label.id ||= `${select.id}-label`;
  const name = label.textContent.trim().replace(/:$/, "");
  box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
  const shown = box.querySelector(".select2-selection__rendered");
  shown.setAttribute("aria-labelledby", label.id);
  const names = `${label.id} ${shown.id}`.trim();
  box.querySelector(".select2-selection").setAttribute("aria-labelledby", names);
}

function callAll(part) {
  part.querySelectorAll(".select2-container").forEach(callByItsLabel);
}

document.addEventListener("DOMContentLoaded", () => {
  // After the functions of the admin that wait for the same: by then it is there.
  django.jQuery(() => {
    callAll(document);
    document.addEventListener("formset:added", ({ target: row }) => {
      callAll(row);
      row.querySelector("select, input:not([type=hidden])").focus();
    });
  });
});
