/* Map beside list: each moves the other. The page works as a list without this; the address always says what is shown. */
(async function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const page = document.querySelector("[data-map-page]");
  const element = document.getElementById("map");
  if (!page || !element || !window.L) return;

  const AGAIN = 1;
  const OVERDUE = 2;
  const STATUSES = ["open", "accepted", "closed", "archived"];
  const NEAR_ZOOM = 17;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const words = JSON.parse(document.getElementById("map-words").textContent);
  const addresses = JSON.parse(document.getElementById("map-addresses").textContent);
  const form = document.querySelector("form[data-issue-filter]");
  const rows = page.querySelector("[data-map-rows]");
  const note = page.querySelector("[data-map-note]");
  const heard = page.querySelector("[data-map-heard]"); // tells a screen reader how many there are now
  const list = document.getElementById("map-list");
  const handle = page.querySelector("[data-sheet-handle]");
  const isWide = matchMedia("(min-width: 60rem)");

  const map = OpenCity.createMap(element);
  await OpenCity.breathe();
  const markers = new Map(); // number of an issue → its marker
  const groups = L.layerGroup().addTo(map); // counted by the server
  const singles = OpenCity.pinGroup(ringOf, { animate: !still, spiderLegPolylineOptions: { weight: 1.5, opacity: 0.6 } });
  const sides = (element.dataset.bounds || "").split(",").map(Number);
  const city = sides.length === 4 ? L.latLngBounds([sides[1], sides[0]], [sides[3], sides[2]]) : null;
  let first = true; // no request was made yet
  let running = null; // the request under way
  let opened = null; // the marker whose card is open
  let wanted = null; // number of the issue to open when its marker is there
  let ghost = null; // stands for a row whose pin lies in a group
  let byKeyboard = false;
  let waiting = null; // rows that came and are not shown yet
  let rowsInSight = false;

  /* Words */

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  function nameOf(number, status, flags) {
    const marks = [words.statuses[status]];
    if (flags & AGAIN) marks.push(words.again);
    if (flags & OVERDUE) marks.push(words.overdue);
    return fill(words.issue, { number }) + ": " + marks.join(", ");
  }

  function ringOf(counts, late) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const parts = STATUSES.map((status, at) => counts[at] && words.statuses[status] + " " + counts[at]).filter(Boolean);
    if (late) parts.push(words.overdue + " " + late);
    const title = fill(words.group, { count: total }) + " (" + parts.join(", ") + "). " + words.zoomIn;
    return OpenCity.ringPin(counts, title, late);
  }

  function say(text, action) {
    note.hidden = !text;
    note.replaceChildren(document.createTextNode(text || ""));
    if (!text || !action) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = words.retry;
    button.addEventListener("click", action);
    note.append(" ", button);
  }

  /* The address: filter, view and zoom */

  function startView() {
    const query = new URLSearchParams(location.search);
    const sides = (query.get("bbox") || "").split(",").map(Number);
    const zoom = Number(query.get("zoom"));
    if (sides.length !== 4 || !sides.every(Number.isFinite)) return;
    const bounds = L.latLngBounds([sides[1], sides[0]], [sides[3], sides[2]]);
    if (query.has("zoom") && Number.isInteger(zoom)) map.setView(bounds.getCenter(), zoom, { animate: false });
    else map.fitBounds(bounds, { animate: false });
  }

  function presentQuery() {
    const query = OpenCity.filterQuery();
    const view = map.getBounds();
    const sides = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    query.delete("bbox"); // the filter first, the view last
    query.delete("zoom");
    query.set("bbox", sides.map((side) => side.toFixed(5)).join(","));
    query.set("zoom", String(map.getZoom()));
    return OpenCity.readableQuery(query);
  }

  /* What is shown */

  /* The page came with the rows of the whole city: they stay where the map shows all of it. */
  function coversCity() {
    return !new URLSearchParams(location.search).has("bbox") && city && map.getBounds().contains(city);
  }

  function refresh() {
    const query = presentQuery();
    running?.abort();
    const own = (running = new AbortController());
    const slow = setTimeout(() => say(words.loading), 500);
    const ask = (address) => fetch(address + "?" + query, { signal: own.signal, credentials: "same-origin" });
    const asTheyAre = first && coversCity() ? Promise.resolve(null) : ask(addresses.rows);
    first = false;
    Promise.all([ask(addresses.data), asTheyAre, OpenCity.drawingsRead])
      .then(([data, html]) => {
        if (!data.ok || (html && !html.ok)) throw new Error(data.status + " " + html?.status);
        return Promise.all([data.json(), html?.text()]);
      })
      .then(([data, html]) => {
        say(data.total ? "" : words.empty);
        draw(data);
        return OpenCity.breathe().then(() => html);
      })
      .then((html) => {
        if (running !== own) return; // the map has moved on
        if (html) takeRows(html);
        heard.textContent = (waiting || rows).querySelector("[data-map-count]")?.textContent || "";
        handle.querySelector("[data-sheet-count]").textContent = heard.textContent;
      })
      .catch((error) => {
        if (error.name !== "AbortError") say(words.failed, refresh);
      })
      .finally(() => clearTimeout(slow));
  }

  function draw(data) {
    groups.clearLayers();
    data.clusters.forEach(addGroup);
    const shown = new Set();
    const fresh = []; // added together: one by one, each would redraw the rings around it
    for (const [number, lng, lat, status, flags] of data.issues) {
      const state = [lng, lat, status, flags].join();
      const known = markers.get(number);
      shown.add(number);
      if (known?.options.state === state) continue;
      if (known) singles.removeLayer(known);
      const marker = pinOf(number, lng, lat, status, flags, state);
      markers.set(number, marker);
      fresh.push(marker);
    }
    singles.addLayers(fresh);
    for (const [number, marker] of markers) {
      if (shown.has(number)) continue;
      singles.removeLayer(marker);
      markers.delete(number);
    }
    if (wanted && markers.has(wanted)) reveal(markers.get(wanted));
  }

  function addGroup([lng, lat, count, open, accepted, closed, archived, late]) {
    const counts = [open, accepted, closed, archived];
    const alone = count === 1;
    const status = STATUSES[counts.findIndex((number) => number > 0)];
    const title = words.statuses[status] + (late ? ", " + words.overdue : "") + ". " + words.zoomIn;
    const icon = alone ? OpenCity.pin(status, { title, overdue: late > 0 }) : ringOf(counts, late);
    const marker = L.marker([lat, lng], { icon, keyboard: true, riseOnHover: true });
    const comeNearer = () => map.setView([lat, lng], Math.min(map.getZoom() + 2, map.getMaxZoom()));
    marker.on("click", comeNearer);
    marker.on("keypress", (event) => {
      if (event.originalEvent.key !== "Enter") return;
      comeNearer();
      element.focus(); // the group that had the focus is gone
    });
    groups.addLayer(marker);
  }

  function pinOf(number, lng, lat, status, flags, state) {
    const title = nameOf(number, status, flags);
    const overdue = Boolean(flags & OVERDUE);
    const icon = OpenCity.pin(status, { overdue, again: Boolean(flags & AGAIN), title });
    const marker = L.marker([lat, lng], { icon, number, status, overdue, state, keyboard: true, riseOnHover: true });
    marker.on("add", () => {
      const sign = marker.getElement();
      sign.addEventListener("focus", () => pointRow(number, true));
      sign.addEventListener("blur", () => pointRow(number, false));
    });
    return marker;
  }

  // Once for all pins, whose events their group passes on; what befalls a ring has names of its own.
  singles.on("click", ({ layer }) => openCard(layer));
  singles.on("keypress", ({ layer, originalEvent }) => {
    if (originalEvent.key === "Enter") openCard(layer, true);
  });
  singles.on("mouseover", ({ layer }) => pointRow(layer.options.number, true));
  singles.on("mouseout", ({ layer }) => pointRow(layer.options.number, false));

  /* On a telephone the rows lie below the screen, and a map that is moved about need not lay them out each time. */
  function takeRows(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    waiting = fresh.content;
    if (rowsInSight) showRows();
  }

  function showRows() {
    if (!waiting) return;
    rows.replaceChildren(waiting);
    waiting = null;
    rows.querySelectorAll("[data-show]").forEach((button) => (button.hidden = false));
    if (isWide.matches) list.scrollTop = 0;
  }

  /* The card of a pin */

  function openCard(marker, withFocus) {
    const number = marker.options.number;
    const box = document.createElement("div");
    box.className = "pin-card-box";
    box.textContent = words.loading;
    byKeyboard = Boolean(withFocus);
    opened = marker;
    const popup = L.popup({ minWidth: 272, maxWidth: 272, offset: [0, -8], autoPanPaddingTopLeft: [16, 76], autoPanPaddingBottomRight: [16, 16] })
      .setLatLng(marker.getLatLng()).setContent(box).openOn(map);
    const close = popup.getElement()?.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", words.close);
    fetch(addresses.preview.replace("/0/", "/" + number + "/"), { credentials: "same-origin" })
      .then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.text();
      })
      .then((html) => {
        const fresh = document.createElement("template");
        fresh.innerHTML = html;
        fillCard(popup, box, fresh.content);
      })
      .catch(() => fillCard(popup, box, plainCard(number)));
  }

  function fillCard(popup, box, content) {
    box.classList.add("is-filled");
    box.replaceChildren(content);
    popup.update();
    if (byKeyboard) box.querySelector("a, button")?.focus();
  }

  function plainCard(number) {
    const body = document.createElement("div");
    const text = document.createElement("p");
    const link = document.createElement("a");
    body.className = "pin-card__body";
    text.textContent = words.previewFailed;
    link.className = "button";
    link.href = addresses.list + number + "/";
    link.textContent = words.openIssue;
    body.append(text, link);
    return body;
  }

  map.on("popupclose", () => {
    if (byKeyboard) opened?.getElement()?.focus();
    byKeyboard = false;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });

  /* List and map move each other */

  function signOf(marker) {
    return (singles.getVisibleParent(marker) || marker).getElement?.() || null;
  }

  function pointRow(number, on) {
    const row = rows.querySelector('[data-row="' + number + '"]');
    if (!row) return;
    row.querySelector(".issue-row")?.classList.toggle("is-near", on);
    if (on && isWide.matches) row.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }

  function pointPin(row, on) {
    ghost?.remove();
    ghost = null;
    const marker = markers.get(Number(row.dataset.row));
    const sign = marker && signOf(marker);
    if (sign) sign.classList.toggle("is-active", on);
    else if (on && row.dataset.lng) {
      ghost = L.marker([Number(row.dataset.lat), Number(row.dataset.lng)], {
        icon: OpenCity.pin(row.dataset.status), interactive: false, keyboard: false, zIndexOffset: 5000,
      }).addTo(map);
      ghost.getElement().classList.add("is-active");
    }
  }

  function reveal(marker) {
    wanted = null;
    singles.zoomToShowLayer(marker, () => openCard(marker, byKeyboard));
  }

  function showOnMap(row) {
    const number = Number(row.dataset.row);
    const place = [Number(row.dataset.lat), Number(row.dataset.lng)];
    if (!isWide.matches) scrollTo({ top: 0, behavior: still ? "auto" : "smooth" });
    const known = markers.get(number);
    byKeyboard = true;
    if (known && map.getZoom() >= NEAR_ZOOM) {
      map.panTo(place);
      return reveal(known);
    }
    wanted = number;
    map.setView(place, Math.max(map.getZoom(), NEAR_ZOOM));
  }

  for (const [name, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    rows.addEventListener(name, (event) => {
      const row = event.target.closest("[data-row]");
      if (row) pointPin(row, on);
    });
  }
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("[data-show]")?.closest("[data-row]");
    if (row) showOnMap(row);
  });

  /* On a phone the list is a sheet over the map */

  function sheetIsUp() {
    return scrollY > 80;
  }
  function tellHandle() {
    const up = sheetIsUp();
    handle.setAttribute("aria-expanded", String(up));
    handle.firstElementChild.textContent = up ? handle.dataset.close : handle.dataset.open;
  }
  handle.addEventListener("click", () => {
    const top = sheetIsUp() ? 0 : list.getBoundingClientRect().top + scrollY - 12;
    scrollTo({ top, behavior: still ? "auto" : "smooth" });
  });
  addEventListener("scroll", tellHandle, { passive: true });
  const watch = new IntersectionObserver(([entry]) => {
    rowsInSight = entry.isIntersecting;
    if (rowsInSight) showRows();
  }, { rootMargin: "0px 0px -96px" }); // what the bar at the thumb covers
  watch.observe(rows);
  addEventListener("beforeprint", showRows);

  /* Begin */

  OpenCity.whereIAm(map, city, words);
  const around = OpenCity.mapAround(map, { page, addresses, words });
  startView();
  around.show(!new URLSearchParams(location.search).has("bbox"));
  singles.addTo(map); // only now: it would take the first view for a movement, and be deaf while that lasts
  rows.querySelectorAll("[data-show]").forEach((button) => (button.hidden = false));
  let pause = 0;
  let asked = null; // the query that the list and the map show

  /* Moving the map changes the address in place; a filter or a place that was searched for can be taken back by “back”. */
  function follow(step) {
    const query = presentQuery();
    if (query === asked) return;
    if (step) keepStep();
    asked = query;
    history.replaceState(null, "", "?" + query);
    refresh();
  }

  /* What is shown by now stays behind as a step that “back” leads to. */
  function keepStep() {
    history.replaceState(null, "", "?" + asked);
    history.pushState(null, "", "?" + asked);
  }
  map.on("moveend", () => {
    clearTimeout(pause);
    pause = setTimeout(follow, 120, false);
  });
  form.addEventListener("opencity:filter", () => {
    follow(true);
    around.show(true);
  });
  page.addEventListener("opencity:place", ({ detail }) => {
    keepStep();
    around.goTo(detail);
    if (!isWide.matches) scrollTo({ top: 0, behavior: still ? "auto" : "smooth" });
  });
  addEventListener("popstate", () => {
    OpenCity.showFilter(new URLSearchParams(location.search));
    map.closePopup();
    startView();
    around.show(false);
    follow(false);
  });
  asked = presentQuery();
  refresh();
})();
