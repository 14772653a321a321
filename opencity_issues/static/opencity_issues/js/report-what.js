/* What is wrong: categories that suggest themselves while one writes, the search in their tree, the city's questions and
   similar issues near by. The server makes the parts (report/guidance.html); without this script they come after "Continue". */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const PAUSE = 300; // ms without a key before it asks

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
    // What is ticked among the suggestions is to be seen there.
    const suggested = new Set([...group.querySelectorAll("[data-suggested]")].map((box) => box.value));
    const elsewhere = chosen.filter((choice) => !suggested.has(choice.input.value));
    place.replaceChildren(
      ...elsewhere.map((choice) => {
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
    place.hidden = !elsewhere.length;
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
    return choices;
  }

  /* The parts that follow from what is typed */

  class Guidance {
    constructor(form, group, choices) {
      this.form = form;
      this.group = group;
      this.choices = choices;
      this.inputs = new Map(choices.map((choice) => [choice.input.value, choice.input]));
      this.shown = new Map(); // by the part's name, as the server gave it
      this.touched = choices.some((choice) => choice.input.checked) || this.suggested().some((box) => box.checked);
      this.own = ""; // the code that was chosen beforehand
      this.suggested().forEach((box) => box.checked && this.choose(box.value, true));
      this.adoptSuggestions();
      form.addEventListener("input", (event) => {
        if (event.target.name === "title" || event.target.name === "description") this.later(PAUSE);
      });
      form.addEventListener("change", (event) => this.changed(event.target));
      this.later(0); // without a word too: the server loads its dictionary while the first ones are written
    }

    suggested() {
      return [...this.form.querySelectorAll("[data-suggested]")];
    }

    /* The tree's boxes are those that count: the suggested ones only follow and lead them. */
    adoptSuggestions() {
      for (const box of this.suggested()) {
        box.removeAttribute("name");
        box.checked = Boolean(this.inputs.get(box.value)?.checked);
      }
    }

    choose(code, chosen) {
      const input = this.inputs.get(code);
      if (!input || input.checked === chosen) return;
      input.checked = chosen;
      this.leading = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      this.leading = false;
    }

    changed(field) {
      if (field.matches("[data-suggested]")) {
        this.touched = true;
        this.choose(field.value, field.checked);
        field.checked = Boolean(this.inputs.get(field.value)?.checked);
      } else if (field.name === "categories") {
        if (!this.leading) this.touched = true;
        this.adoptSuggestions();
        this.later(0);
      }
    }

    later(pause) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), pause);
    }

    async ask() {
      this.asking?.abort();
      this.asking = new AbortController();
      try {
        const answer = await fetch(this.form.dataset.guidance, {
          method: "POST",
          body: new FormData(this.form),
          headers: { "X-Requested-With": "fetch" },
          signal: this.asking.signal,
        });
        if (answer.ok) this.show(await answer.text());
      } catch {
        /* no connection, or a newer question: what is shown stays */
      }
    }

    show(text) {
      const made = document.createElement("template");
      made.innerHTML = text;
      for (const part of [...made.content.children]) {
        const name = part.dataset.part;
        // Whoever is answering a question keeps the field and its words while nothing new is asked.
        const sign = name === "questions" ? part.dataset.asked : part.outerHTML;
        if (this.shown.get(name) === sign) continue;
        this.shown.set(name, sign);
        const place = this.form.querySelector(`[data-part="${name}"]`);
        if (name === "questions" && place.dataset.asked === sign) continue;
        place.replaceWith(part);
        if (name === "suggestions") this.suggest(part);
        if (name === "questions" && sign) this.form.dispatchEvent(new Event("opencity:asked"));
      }
    }

    suggest(part) {
      this.adoptSuggestions();
      showChosen(this.group, this.choices);
      const sure = part.dataset.sure;
      if (!this.touched && sure !== this.own) {
        const before = this.own;
        this.own = sure;
        if (before) this.choose(before, false);
        if (sure) this.choose(sure, true);
      }
      const names = [...part.querySelectorAll(".choice > span")].map((one) => one.firstChild.textContent.trim());
      const status = this.group.querySelector("[data-suggested-status]");
      status.textContent = names.length ? this.group.dataset.saySuggested.replace("{names}", names.join(", ")) : "";
    }
  }

  for (const group of document.querySelectorAll("[data-categories]")) {
    const choices = startCategories(group);
    // Without a network, and for a call, there is the tree and its search alone.
    const form = group.closest("form[data-guidance]");
    if (form) new Guidance(form, group, choices);
  }
})();
