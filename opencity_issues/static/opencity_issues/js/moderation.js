/* The moderator's desk; nothing depends on this.
   - textarea[data-ready]: ready words come with the ground that is chosen, until one has written own words.
   - [data-near-count]: how many reports of the same may lie near by, asked for after the issue stands open. */
(function () {
  "use strict";

  function readyWords(area) {
    try {
      return JSON.parse(area.dataset.ready);
    } catch {
      return {};
    }
  }

  document.addEventListener("change", (event) => {
    const radio = event.target.closest?.("input[type=radio][name=ground]");
    const area = radio?.form?.querySelector("textarea[data-ready]");
    if (!area) return;
    const ready = readyWords(area);
    const untouched = !area.value.trim() || Object.values(ready).includes(area.value);
    if (untouched) area.value = ready[radio.value] || "";
  });

  async function countNear() {
    for (const mark of document.querySelectorAll("[data-near-count]")) {
      const address = mark.dataset.nearCount;
      mark.removeAttribute("data-near-count");
      try {
        const answer = await fetch(address, { credentials: "same-origin" });
        const count = answer.ok ? Number(await answer.text()) : 0;
        mark.textContent = String(count);
        mark.hidden = !count;
        mark.classList.toggle("count--urgent", count > 0);
      } catch {
        /* the way to the page stays */
      }
    }
  }

  document.addEventListener("htmx:afterSettle", countNear);
  countNear();
})();
