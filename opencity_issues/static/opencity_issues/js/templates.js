/* A template of an answer comes into the text at once, after what is written there. Without this its link opens the form anew. */
(function () {
  "use strict";

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-template]");
    const field = link && document.getElementById(link.dataset.field);
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const written = field.value.trimEnd();
    field.value = written ? `${written}\n\n${link.dataset.template}` : link.dataset.template;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    link.closest("details").open = false;
    field.focus();
    if (link.dataset.left && window.OpenCity?.toast) OpenCity.toast(link.dataset.left);
  });
})();
