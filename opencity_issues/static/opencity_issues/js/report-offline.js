/* The report on one screen (templates/opencity_issues/offline/report.html). What is typed and which photos are chosen is
   kept on the device at each change, as a draft; "Put into the queue" makes it one that waits. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const form = document.querySelector("[data-offline-form]");
  if (!form || !OpenCity.openQueue) return;
  const says = form.dataset;
  const LONGEST = { title: 0, description: 0 };
  const KEEP_MS = 300;
  const IS_PHOTO = /^image\/|\.(hei[cf]|jpe?g|png|webp)$/i;

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  class OfflineReport {
    constructor() {
      this.queue = null;
      this.report = null;
      this.timer = 0;
      this.working = Promise.resolve();
      for (const name of Object.keys(LONGEST)) LONGEST[name] = Number(form.elements[name].dataset.count);
      OpenCity.editedKey = () => this.report?.key;
      OpenCity.editQueued = (report) => this.edit(report);
      form.addEventListener("input", (event) => {
        // Not at a change: it comes as one presses the next thing, which must not move away under the finger.
        this.clearFaults(event.target.closest(".field--error"));
        this.keepSoon();
      });
      form.addEventListener("change", (event) => {
        if (event.target.name === "categories") {
          this.showStops();
          this.showAsked();
        }
        this.keepSoon();
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopPropagation();
        this.inTurn(() => this.enqueue());
      });
      this.prepareQuestions();
      this.preparePlace();
      this.preparePhotos();
    }

    async start() {
      this.queue = await OpenCity.openQueue();
      const owner = OpenCity.deviceOwner();
      const drafts = (await this.queue.all()).filter((one) => one.state === "draft" && (!one.owner || one.owner === owner));
      if (drafts.length) await this.load(drafts[drafts.length - 1]);
      else this.begin(this.fromScreens(owner));
    }

    /* One thing after the other, so that a photo and a keystroke do not overtake each other. */
    inTurn(work) {
      this.working = this.working.then(work).catch(() => this.sayNoStorage());
      return this.working;
    }

    sayNoStorage() {
      OpenCity.toast?.(says.sayNoStorage, "circle-alert");
    }

    begin(words = {}) {
      this.report = { key: newKey(), owner: OpenCity.deviceOwner(), state: "draft", at: Date.now(), words: {}, tries: 0, notBefore: 0 };
      this.fill(words);
      this.showPhotos([]);
      OpenCity.showQueue?.();
    }

    /* What was typed on the screens when the connection went. */
    fromScreens(owner) {
      const words = {};
      for (const step of ["1", "2"]) {
        try {
          const copy = JSON.parse(localStorage.getItem(`opencity-report-${step}`));
          if (copy?.values && (!copy.owner || copy.owner === owner)) Object.assign(words, copy.values);
        } catch {
          /* there is none */
        }
      }
      return words;
    }

    async load(report) {
      this.report = report;
      this.fill(report.words);
      this.showPhotos(await this.queue.photosOf(report.key));
      OpenCity.showQueue?.();
    }

    async edit(report) {
      await this.inTurn(() => this.load(report));
      form.querySelector("[data-form-title]").focus();
      form.scrollIntoView();
    }

    fill(words) {
      const { elements } = form;
      for (const name of ["title", "description", "address", "lng", "lat"]) elements[name].value = words[name] || "";
      elements.no_place.checked = Boolean(words.no_place);
      elements.show_author.checked = Boolean(words.show_author);
      const chosen = words.categories || [];
      for (const box of form.querySelectorAll("[name=categories]")) {
        if (box.checked !== chosen.includes(box.value)) box.click();
      }
      this.asked.forEach(({ inputs }) => {
        for (const input of inputs) {
          const answer = words[input.name] || "";
          if (input.type === "radio") input.checked = input.value === answer;
          else input.value = answer;
        }
      });
      this.showAsked();
      this.showPlace();
      form.querySelectorAll(".field--error").forEach((field) => this.clearFaults(field));
    }

    words() {
      const { elements } = form;
      const words = {};
      for (const name of ["title", "description", "address", "lng", "lat"]) words[name] = elements[name].value;
      words.no_place = elements.no_place.checked && "1";
      words.show_author = elements.show_author.checked && "on";
      words.categories = [...form.querySelectorAll("[name=categories]:checked")].map((box) => box.value);
      for (const asked of this.asked) if (!asked.part.hidden) words[asked.name] = this.answerTo(asked);
      return words;
    }

    keepSoon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.inTurn(() => this.keep()), KEEP_MS);
    }

    async keep() {
      const words = this.words();
      const isEmpty = ["title", "description", "address", "lng"].every((name) => !words[name].trim());
      const hasPhotos = form.querySelector("[data-previews] .preview");
      if (isEmpty && !hasPhotos && !(await this.queue.get(this.report.key))) return;
      this.report = { ...this.report, words };
      await this.queue.put(this.report);
    }

    async enqueue() {
      clearTimeout(this.timer);
      if (!this.check()) return;
      this.report = { ...this.report, words: this.words(), state: "waiting", at: Date.now(), tries: 0, notBefore: 0, fault: "" };
      await this.queue.put(this.report);
      try {
        ["1", "2", "3", "4"].forEach((step) => localStorage.removeItem(`opencity-report-${step}`));
      } catch {
        /* there was no copy */
      }
      this.begin();
      OpenCity.toast?.(says.sayQueued, "circle-check");
      await OpenCity.showQueue?.();
      document.getElementById("waiting").focus({ preventScroll: true });
      document.getElementById("waiting").scrollIntoView();
      await OpenCity.sendLater();
      this.queue.flush({ force: true });
    }

    /* What the server will ask for too; the fault stands at its field, the first gets the focus. */
    check() {
      form.querySelectorAll(".field--error").forEach((field) => this.clearFaults(field));
      const words = this.words();
      const faults = [];
      for (const [name, most] of Object.entries(LONGEST)) {
        const length = [...words[name].trim()].length;
        if (!length) faults.push([form.elements[name], says.sayEmpty]);
        else if (length > most) faults.push([form.elements[name], says.sayLong.replace("{count}", String(most))]);
      }
      if (!words.lng && !words.address.trim() && !words.no_place) faults.push([document.getElementById("place"), says.sayPlace]);
      if (!words.categories.length) faults.push([document.getElementById("id_categories"), says.sayCategory]);
      if (this.showStops()) faults.push([document.getElementById("id_categories"), says.sayStop]);
      faults.push(...this.unanswered(words));
      faults.forEach(([element, text]) => this.showFault(element, text));
      faults[0]?.[0].focus();
      return !faults.length;
    }

    /* Of one field, with the one around it: a place may be told in several ways. */
    clearFaults(field) {
      for (let one = field; one; one = one.parentElement.closest(".field--error")) {
        one.querySelectorAll("[data-own-fault]").forEach((fault) => fault.remove());
        one.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
        one.classList.remove("field--error");
      }
    }

    /* What the city does not take, by itself or by its branch: where to turn instead. */
    showStops() {
      const chosen = this.words().categories;
      let any = false;
      for (const stop of form.querySelectorAll("[data-stop]")) {
        const { stop: code } = stop.dataset;
        stop.hidden = !chosen.some((one) => one === code || one.startsWith(`${code}.`));
        any ||= !stop.hidden;
      }
      return any;
    }

    /* What the city asks about the chosen categories, by themselves or by their branch */

    prepareQuestions() {
      this.asked = [...form.querySelectorAll("[data-asked-of]")].map((part) => {
        const inputs = [...part.querySelectorAll("input, textarea, select")];
        return { part, inputs, name: inputs[0].name };
      });
    }

    showAsked() {
      const chosen = [...form.querySelectorAll("[name=categories]:checked")].map((box) => box.value);
      for (const { part } of this.asked) {
        const { askedOf: code } = part.dataset;
        part.hidden = !chosen.some((one) => one === code || one.startsWith(`${code}.`));
      }
    }

    answerTo({ inputs }) {
      return (inputs[0].type === "radio" ? inputs.find((one) => one.checked) : inputs[0])?.value || "";
    }

    unanswered(words) {
      const faults = [];
      for (const { part, inputs, name } of this.asked) {
        if (part.hidden) continue;
        const length = [...words[name].trim()].length;
        if (!length && "must" in part.dataset) faults.push([inputs[0], says.sayEmpty]);
        else if (length > Number(says.answer)) faults.push([inputs[0], says.sayLong.replace("{count}", says.answer)]);
      }
      return faults;
    }

    showFault(element, text) {
      const field = element.closest(".field");
      const fault = document.createElement("p");
      fault.className = "field__errors";
      fault.dataset.ownFault = "";
      fault.textContent = text;
      field.classList.add("field--error");
      if (element === field || element.type === "radio") field.firstElementChild.after(fault);
      else {
        element.before(fault);
        element.setAttribute("aria-invalid", "true");
      }
    }

    /* The place by the device */

    preparePlace() {
      const { elements } = form;
      const locate = form.querySelector("[data-locate]");
      locate.hidden = !navigator.geolocation;
      locate.addEventListener("click", () => {
        locate.disabled = true;
        this.sayPlace(says.saySearching);
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => {
            locate.disabled = false;
            this.take(coords.longitude, coords.latitude, Math.round(coords.accuracy));
          },
          () => {
            locate.disabled = false;
            this.sayPlace(says.sayUnknown);
          },
          { enableHighAccuracy: true, timeout: 30000, maximumAge: 60000 },
        );
      });
      form.querySelector("[data-unplace]").addEventListener("click", () => {
        elements.lng.value = elements.lat.value = "";
        this.showPlace();
        this.keepSoon();
        locate.focus();
      });
      this.prepareMap(document.getElementById("offline-map"));
    }

    /* The city's scheme, which the device keeps. Without it the place is told by the device, or by its address. */
    prepareMap(element) {
      if (!element || !OpenCity.createMap) return;
      element.closest("[data-offline-place]").hidden = false;
      element.setAttribute("aria-describedby", "offline-map-help");
      this.map = OpenCity.createMap(element);
      OpenCity.choosePlace(this.map, ({ lng, lat }) => this.take(lng, lat));
    }

    /* A place outside the city is told, and everything stays as it was. */
    take(lng, lat, metres) {
      const { elements } = form;
      const [west, south, east, north] = says.bounds.split(",").map(Number);
      if (lng < west || lng > east || lat < south || lat > north) {
        this.showPlace();
        return this.sayPlace(says.sayOutside);
      }
      elements.lng.value = lng.toFixed(6);
      elements.lat.value = lat.toFixed(6);
      elements.no_place.checked = false;
      this.showPlace(metres);
      this.clearFaults(document.getElementById("place").closest(".field--error"));
      this.keepSoon();
    }

    sayPlace(text) {
      form.querySelector("[data-place-status]").textContent = text;
    }

    showPlace(metres) {
      const { lng, lat } = form.elements;
      form.querySelector("[data-unplace]").hidden = !lng.value;
      const numbers = `${Number(lat.value).toFixed(5)}, ${Number(lng.value).toFixed(5)}`;
      const shown = this.map ? says.sayChosen : numbers;
      const words = metres ? `${says.sayHere.replace("{count}", String(metres))} (${numbers})` : shown;
      this.sayPlace(lng.value ? words : "");
      this.showPin(Boolean(metres));
    }

    showPin(comesNear) {
      if (!this.map) return;
      const { lng, lat } = form.elements;
      if (!lng.value) {
        this.pin?.remove();
        this.pin = null;
        return;
      }
      const place = L.latLng(+lat.value, +lng.value);
      this.pin ??= L.marker(place, { icon: OpenCity.placePin(), draggable: true, autoPan: true, keyboard: false })
        .on("dragend", ({ target }) => this.take(target.getLatLng().lng, target.getLatLng().lat))
        .addTo(this.map);
      this.pin.setLatLng(place);
      if (comesNear || !this.map.getBounds().contains(place)) this.map.setView(place, 17);
    }

    /* Photos */

    preparePhotos() {
      const picker = form.querySelector("[data-picker]");
      const input = picker.querySelector("input");
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        this.inTurn(() => this.addPhotos(files));
      });
      for (const kind of ["dragover", "dragleave", "drop"]) {
        picker.addEventListener(kind, (event) => {
          event.preventDefault();
          picker.classList.toggle("is-over", kind === "dragover");
          if (kind === "drop") this.inTurn(() => this.addPhotos([...event.dataTransfer.files]));
        });
      }
    }

    async addPhotos(files) {
      const previews = form.querySelector("[data-previews]");
      const faults = [];
      for (const file of files) {
        if (previews.children.length >= Number(says.photos)) faults.push(says.sayFull);
        else if (!IS_PHOTO.test(file.type || file.name)) faults.push(`${file.name}: ${says.sayNoPhoto}`);
        else if (file.size > Number(says.bytes)) faults.push(`${file.name}: ${says.sayLarge}`);
        else {
          const photo = { key: newKey(), report: this.report.key, order: Date.now() + previews.children.length, name: file.name, file, sent: false };
          await this.queue.putPhoto(photo);
          this.preview(photo);
        }
      }
      const fault = form.querySelector("[data-photo-fault]");
      fault.textContent = [...new Set(faults)].join(" ");
      fault.hidden = !faults.length;
      await this.keep();
    }

    showPhotos(photos) {
      form.querySelector("[data-previews]").replaceChildren();
      photos.forEach((photo) => this.preview(photo));
    }

    preview(photo) {
      const figure = form.querySelector("[data-preview-template]").content.cloneNode(true).firstElementChild;
      const image = document.createElement("img");
      image.alt = photo.name;
      image.src = URL.createObjectURL(photo.file);
      // A format that this browser cannot show keeps its empty frame.
      image.onload = () => URL.revokeObjectURL(image.src);
      image.onerror = () => image.replaceWith(Object.assign(document.createElement("div"), { className: "preview__empty", textContent: photo.name }));
      figure.querySelector(".preview__empty").replaceWith(image);
      figure.querySelector("button").addEventListener("click", () => {
        this.inTurn(async () => {
          await this.queue.removePhoto(photo.key);
          figure.remove();
          await this.keep();
        });
      });
      form.querySelector("[data-previews]").append(figure);
    }
  }

  const online = document.querySelector("[data-when-online]");
  const showOnline = () => (online.hidden = navigator.onLine === false);
  window.addEventListener("online", showOnline);
  window.addEventListener("offline", showOnline);
  showOnline();

  const own = new OfflineReport();
  if (window.indexedDB) own.inTurn(() => own.start());
  else own.sayNoStorage();
})();
