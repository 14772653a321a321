/* Completes addresses by the city's gazetteer: see templates/opencity_issues/components/place_search.html.
   A combobox by the pattern of ARIA 1.2; what was chosen is told by the event "opencity:place" on [data-place-search]. */
(function () {
  "use strict";
  const PAUSE = 140; // ms without a key before it asks
  const SHORTEST = 2;
  let serial = 0;

  function fill(text, values) {
    return (text || "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  class PlaceSearch {
    constructor(frame) {
      this.frame = frame;
      this.input = frame.querySelector("input[type=search], input[type=text]");
      if (!this.input) return;
      this.id = "places-" + ++serial;
      this.places = [];
      this.active = -1;
      this.list = this.element("div", { id: this.id, role: "listbox", class: "map-search__results" });
      this.list.setAttribute("aria-label", frame.dataset.sayList);
      this.list.hidden = true;
      this.status = this.element("p", { role: "status", class: "visually-hidden" });
      frame.append(this.list, this.status);
      const said = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.id };
      for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
      this.input.autocomplete = "off";
      this.input.addEventListener("input", () => this.later());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
      this.input.addEventListener("focus", () => this.places.length && this.open());
      if ("takesFirst" in frame.dataset) {
        this.input.form?.addEventListener("submit", (event) => {
          event.preventDefault();
          this.takeFirst();
        });
      }
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take(Number(option.dataset.at));
      });
    }

    element(name, attributes) {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      return made;
    }

    later() {
      clearTimeout(this.pause);
      this.asking?.abort();
      const text = this.input.value.trim();
      this.stale = true;
      if (text.length < SHORTEST) return this.show([]);
      this.pause = setTimeout(() => this.ask(text), PAUSE);
    }

    ask(text) {
      const own = (this.asking = new AbortController());
      const query = new URLSearchParams({ q: text, format: "json" });
      return fetch(this.frame.dataset.placesUrl + "?" + query, { signal: own.signal, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { places: [] }))
        .then(({ places }) => {
          this.stale = false;
          this.show(places);
          this.status.textContent = places.length
            ? fill(this.frame.dataset.sayCount, { count: places.length })
            : this.frame.dataset.sayNone;
        })
        .catch(() => {}); // without the suggestions the field is still a field
    }

    show(places) {
      this.places = places;
      this.active = -1;
      this.list.replaceChildren(...places.map((place, at) => this.option(place, at)));
      if (places.length && document.activeElement === this.input) this.open();
      else this.close();
    }

    option(place, at) {
      const option = this.element("div", { role: "option", id: this.id + "-" + at, "aria-selected": "false" });
      const words = this.element("span", { class: "map-search__words" });
      const more = this.element("span", { class: "map-search__kind" });
      option.dataset.at = at;
      more.textContent = place.was ? fill(this.frame.dataset.sayWas, { name: place.was }) : place.kind_name;
      words.append(place.name, " ", more);
      option.append(OpenCity.icon(place.icon), words);
      return option;
    }

    open() {
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.point(-1);
    }

    point(at) {
      this.list.children[this.active]?.setAttribute("aria-selected", "false");
      this.active = at;
      const option = this.list.children[at];
      if (!option) return;
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    key(event) {
      const shown = !this.list.hidden;
      const count = this.places.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!count) return;
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const from = this.active < 0 && step < 0 ? 0 : this.active;
        this.open();
        this.point((from + step + count) % count);
      } else if (event.key === "Escape" && shown) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (event.key === "Enter" && shown && this.active >= 0) {
        event.preventDefault();
        this.take(this.active);
      }
    }

    /* The answer may still be under way when Enter is pressed. */
    takeFirst() {
      clearTimeout(this.pause);
      const text = this.input.value.trim();
      if (text.length < SHORTEST) return;
      const known = this.stale ? this.ask(text) : Promise.resolve();
      known.then(() => {
        if (this.places.length) this.take(0);
        else OpenCity.toast(this.frame.dataset.sayNone, "info");
      });
    }

    take(at) {
      const place = this.places[at];
      if (!place) return;
      this.input.value = place.address;
      this.close();
      this.status.textContent = fill(this.frame.dataset.sayChosen, { name: place.name });
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.frame.dispatchEvent(new CustomEvent("opencity:place", { bubbles: true, detail: place }));
      if (this.frame.dataset.leadsTo) location.assign(this.frame.dataset.leadsTo + "?" + this.view(place));
    }

    /* The map's address of a place; the map makes the view of its middle and the zoom, and marks it. */
    view({ lng, lat, zoom, kind }) {
      const half = 360 / 2 ** zoom;
      const sides = [lng - half, lat - half / 2, lng + half, lat + half / 2];
      return "bbox=" + sides.map((side) => side.toFixed(5)).join(",") + "&zoom=" + zoom + (kind === "district" ? "" : `#at=${lng},${lat}`);
    }
  }

  document.querySelectorAll("[data-place-search]").forEach((frame) => new PlaceSearch(frame));
})();
