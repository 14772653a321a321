/* The filter of map and list sends itself when a chip is pressed; without scripts its buttons do.
   On the map's page it tells the map instead of leaving the page: event "opencity:filter" on the form. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const form = document.querySelector("form[data-issue-filter]");
  if (!form) return;
  form.querySelectorAll("[data-without-script]").forEach((button) => (button.hidden = true));

  /* The chosen values as an address's query, without what is empty. */
  OpenCity.filterQuery = function () {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, String(value));
    return query;
  };

  /* Bring the form to what an address says, after “back”. */
  OpenCity.showFilter = function (query) {
    for (const field of form.elements) {
      if (!field.name || field.hasAttribute("data-view")) continue;
      const values = query.getAll(field.name).flatMap((value) => value.split(","));
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else field.value = query.get(field.name) || "";
    }
  };

  /* An address people can read: commas stay commas. */
  OpenCity.readableQuery = (query) => query.toString().replaceAll("%2C", ",");

  function apply() {
    if (document.querySelector("[data-map-page]")) form.dispatchEvent(new CustomEvent("opencity:filter"));
    else location.assign("?" + OpenCity.readableQuery(OpenCity.filterQuery()));
  }

  form.addEventListener("change", (event) => {
    // Beside the map nothing is left by trying: there every choice shows at once.
    const live = document.querySelector("[data-map-page]") && !event.target.matches("[type=search]");
    if (live || event.target.closest(".filters")) apply();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("details.issue-filter__more")?.removeAttribute("open");
    apply();
  });
})();
