/* The way of reporting: a copy of what is typed at each keystroke (brought back after a crash or without a connection),
   and counters. Everything works without it. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const PREFIX = "opencity-report-";
  const KEPT_MS = 24 * 3600 * 1000;

  /* Copies of the typed text, one a screen. Storage may be forbidden or full: then there is no copy. */

  function read(step) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + step));
    } catch {
      return null;
    }
  }

  function write(step, copy) {
    try {
      localStorage.setItem(PREFIX + step, JSON.stringify(copy));
    } catch {
      /* no copy */
    }
  }

  function forget(steps) {
    try {
      steps.forEach((step) => localStorage.removeItem(PREFIX + step));
    } catch {
      /* there was none */
    }
  }

  function valuesOf(form) {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit") continue;
      if (field.type === "checkbox") {
        values[field.name] = values[field.name] || [];
        if (field.checked) values[field.name].push(field.value);
      } else if (field.type === "radio") {
        values[field.name] = field.checked ? field.value : values[field.name] || "";
      } else {
        values[field.name] = field.value;
      }
    }
    return values;
  }

  function putBack(form, values, names = "") {
    for (const field of form.elements) {
      if (!(field.name in values) || !field.name.startsWith(names) || field.type === "submit") continue;
      if (field.type === "checkbox") field.checked = values[field.name].includes(field.value);
      else if (field.type === "radio") field.checked = values[field.name] === field.value;
      else field.value = values[field.name];
    }
  }

  function keepCopies(frame, form) {
    const { reportStep: step, draft, owner } = frame.dataset;
    const copy = read(step);
    const usable =
      copy && copy.draft === draft && (!copy.owner || copy.owner === owner) && Date.now() - copy.at < KEPT_MS;
    if (!usable) {
      forget([step]);
    } else if (JSON.stringify(copy.values) !== JSON.stringify(valuesOf(form))) {
      putBack(form, copy.values);
      const notice = frame.querySelector("[data-restored]");
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      notice.querySelector("p").textContent = frame.dataset.sayRestored.replace("{time}", time.format(copy.at));
      notice.hidden = false;
    }
    // The city's questions come a moment later than the page (report-what.js): their answers with them.
    if (usable) form.addEventListener("opencity:asked", () => putBack(form, copy.values, "question_"), { once: true });
    const save = () => write(step, { draft, owner, at: Date.now(), values: valuesOf(form) });
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    form.addEventListener("opencity:changed", save);
  }

  /* A form that is sent without a connection would be lost behind the browser's own error page. */
  function holdOffline(frame) {
    frame.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      OpenCity.toast?.(frame.dataset.sayOffline, "wifi-off");
    });
  }

  function countCharacters(frame, field) {
    const limit = Number(field.dataset.count);
    const left = document.createElement("p");
    left.className = "field__help";
    field.after(left);
    const show = () => {
      const rest = limit - [...field.value].length;
      left.hidden = rest > limit / 4;
      left.classList.toggle("late", rest < 0);
      left.textContent = frame.dataset.sayLeft.replace("{count}", String(rest));
    };
    field.addEventListener("input", show);
    show();
  }

  function start() {
    if (document.querySelector("[data-report-sent]")) forget(["1", "2", "3", "4"]);
    const frame = document.querySelector("[data-report-step]");
    if (!frame) return;
    const form = frame.querySelector("form[data-draft-form]");
    if (form) keepCopies(frame, form);
    frame.querySelector("[data-discard]")?.addEventListener("submit", () => forget(["1", "2", "3", "4"]));
    holdOffline(frame);
    frame.querySelectorAll("[data-needs-script]").forEach((part) => (part.hidden = false));
    frame.querySelectorAll("[data-count]").forEach((field) => countCharacters(frame, field));
  }

  start();
})();
