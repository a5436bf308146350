// The box in which select2 looks for several rows is called as the field whose it is.

document.addEventListener("DOMContentLoaded", () => {
  // After the script that makes the boxes, which waits in the same queue.
  django.jQuery(() => {
    for (const box of document.querySelectorAll(".select2-search__field")) {
      const select = box.closest(".select2-container").previousElementSibling;
      box.setAttribute("aria-label", select.labels[0].textContent.replace(/:$/, ""));
    }
  });
});
