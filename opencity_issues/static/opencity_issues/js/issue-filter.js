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

  /* An address people can read: commas stay commas. */
  OpenCity.readableQuery = (query) => query.toString().replaceAll("%2C", ",");

  function apply() {
    if (document.querySelector("[data-map-page]")) form.dispatchEvent(new CustomEvent("opencity:filter"));
    else location.assign("?" + OpenCity.readableQuery(OpenCity.filterQuery()));
  }

  form.addEventListener("change", (event) => {
    if (event.target.closest(".filters")) apply();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("details.issue-filter__more")?.removeAttribute("open");
    apply();
  });
})();
