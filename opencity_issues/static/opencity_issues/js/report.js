/* The way of reporting: a copy of what is typed at each keystroke (brought back after a crash or without a connection),
   the filter of the categories, and counters. Everything works without it. */
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
      } else {
        values[field.name] = field.value;
      }
    }
    return values;
  }

  function putBack(form, values) {
    for (const field of form.elements) {
      if (!(field.name in values) || field.type === "submit") continue;
      if (field.type === "checkbox") field.checked = values[field.name].includes(field.value);
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
      notice.querySelector("p").textContent = frame.dataset.sayRestored;
      notice.hidden = false;
    }
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

  /* Categories */

  const plain = (text) => text.toLowerCase().replace(/[’'ʼ`"«»]/g, "").trim();

  function describeChoices(tree) {
    return [...tree.querySelectorAll(".choice")].map((label) => {
      const branch = label.closest("details");
      const words = `${branch ? branch.querySelector("summary").textContent : ""} ${label.textContent}`;
      return { label, branch, input: label.querySelector("input"), own: plain(label.textContent), words: plain(words) };
    });
  }

  function filterCategories(group, choices, wanted) {
    const words = plain(wanted).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const choice of choices) {
      const there = words.every((word) => choice.words.includes(word));
      choice.label.hidden = !there;
      if (there) found += 1;
    }
    for (const branch of group.querySelectorAll(".tree__branch")) {
      const labels = [...branch.querySelectorAll(".choice")];
      branch.hidden = labels.every((label) => label.hidden);
      if (branch.tagName === "DETAILS") {
        branch.open = words.length ? !branch.hidden : labels.some((label) => label.querySelector("input").checked);
      }
    }
    const status = group.querySelector("[data-filter-status]");
    const say = found ? group.dataset.sayFound.replace("{count}", String(found)) : group.dataset.sayNone;
    status.textContent = words.length ? say : "";
  }

  function showChosen(group, choices) {
    const place = group.querySelector("[data-chosen]");
    const chosen = choices.filter((choice) => choice.input.checked);
    place.replaceChildren(
      ...chosen.map((choice) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "chip";
        chip.setAttribute("aria-label", `${group.dataset.sayRemove}: ${choice.input.dataset.name}`);
        chip.setAttribute("aria-pressed", "true");
        chip.append(document.createTextNode(choice.input.dataset.name), OpenCity.icon("x"));
        chip.addEventListener("click", () => choice.input.click());
        return chip;
      }),
    );
    place.hidden = !chosen.length;
    return chosen.length;
  }

  function startCategories(group) {
    const tree = group.querySelector("[data-category-tree]");
    const choices = describeChoices(tree);
    // Branches that share a name close one another, which would hide what the filter found.
    tree.querySelectorAll("details").forEach((branch) => branch.removeAttribute("name"));
    const filter = group.querySelector("[data-category-filter]");
    filter.addEventListener("input", (event) => {
      event.stopPropagation();
      filterCategories(group, choices, filter.value);
    });
    filter.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    tree.addEventListener("change", (event) => {
      if (showChosen(group, choices) <= Number(group.dataset.atMost)) return;
      event.target.checked = false;
      showChosen(group, choices);
      OpenCity.toast?.(group.dataset.sayAtMost, "circle-alert");
    });
    showChosen(group, choices);
    filterCategories(group, choices, "");
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
    frame.querySelectorAll("[data-categories]").forEach(startCategories);
  }

  start();
})();
