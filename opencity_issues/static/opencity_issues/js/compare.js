/* Before and after (components/before_after.html): one photo over the other, and a slider that says how much is seen of each.
   Without this script both stand side by side. The component brings the script along, so it may run more than once. */
(function () {
  "use strict";
  for (const frame of document.querySelectorAll("[data-compare]:not([data-ready])")) {
    const slider = frame.querySelector("[data-compare-slider]");
    const input = slider.querySelector("input");
    const show = () => {
      const before = Number(input.value);
      frame.style.setProperty("--seen", `${before}%`);
      const say = frame.dataset.say.replace("{before}", String(before)).replace("{after}", String(100 - before));
      input.setAttribute("aria-valuetext", say);
    };
    input.addEventListener("input", show);
    frame.dataset.ready = "";
    slider.hidden = false;
    show();
  }
})();
