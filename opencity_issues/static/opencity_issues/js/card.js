/* The card of an issue; nothing depends on this.
   - [data-card-place]: the small map with the pin, drawn when one scrolls there.
   - [data-place-picker="lng-id lat-id"]: choose a place on the map of a correction.
   - form[data-keep]: what is typed survives a reload or a way to the sign-in, in this tab only.
   - [data-around="address"]: what is near by and in the news, fetched when one scrolls there.
   - [data-share]: the system's own sharing; [data-copy]: the link copied.
   - details with an id in the address are opened. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const CLOSE = 16;

  function showPlace(frame) {
    const data = frame.dataset;
    const place = [Number(data.lat), Number(data.lng)];
    const map = OpenCity.createMap(frame.querySelector("[data-map]"), { scrollWheelZoom: false });
    map.setView(place, CLOSE);
    const icon = OpenCity.pin(data.status, { overdue: "overdue" in data, again: "again" in data, title: data.title });
    L.marker(place, { icon, interactive: false, keyboard: false }).addTo(map);
  }

  function pickPlace(frame) {
    const [lng, lat] = frame.dataset.placePicker.split(" ").map((id) => document.getElementById(id));
    const map = OpenCity.createMap(frame.querySelector("[data-map]"));
    const noPlace = lng.form.elements.no_place;
    let marker = null;
    const put = (point) => {
      if (!marker) {
        marker = L.marker(point, { icon: OpenCity.placePin(), draggable: true }).addTo(map);
        marker.on("dragend", () => write(marker.getLatLng()));
      }
      marker.setLatLng(point);
    };
    const write = (point) => {
      lng.value = point.lng.toFixed(6);
      lat.value = point.lat.toFixed(6);
      if (noPlace) noPlace.checked = false;
    };
    if (lng.value && lat.value) {
      const point = L.latLng(Number(lat.value), Number(lng.value));
      map.setView(point, CLOSE);
      put(point);
    }
    map.on("click", (event) => {
      put(event.latlng);
      write(event.latlng);
    });
    noPlace?.addEventListener("change", () => {
      if (!noPlace.checked || !marker) return;
      marker.remove();
      marker = null;
      lng.value = lat.value = "";
    });
  }

  function keepTyped(form) {
    const area = form.querySelector("textarea");
    const key = `opencity-words:${location.pathname}:${form.dataset.keep}`;
    try {
      if (!area.value) area.value = sessionStorage.getItem(key) || "";
      area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
      form.addEventListener("submit", () => sessionStorage.removeItem(key));
    } catch {
      /* storage may be forbidden; then only the form itself keeps it */
    }
  }

  function share(button) {
    const { url, title } = button.dataset;
    button.hidden = !navigator.share;
    button.addEventListener("click", () => navigator.share({ url, title }).catch(() => {}));
  }

  function copy(button) {
    const { copy: url, copied } = button.dataset;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () =>
      navigator.clipboard.writeText(url).then(() => OpenCity.toast?.(copied, "link"), () => {}),
    );
  }

  /* Once, when one scrolls near to the frame or prints the page. */
  function whenNear(frame, begin) {
    const once = () => {
      seen.disconnect();
      removeEventListener("beforeprint", once);
      begin(frame);
    };
    const seen = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && once(), {
      rootMargin: "300px",
    });
    seen.observe(frame);
    addEventListener("beforeprint", once);
  }

  async function lookAround(frame) {
    try {
      const answer = await fetch(frame.dataset.around, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) frame.innerHTML = await answer.text();
    } catch {
      /* the link to its page stays */
    }
  }

  function openAddressed() {
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const fold = target?.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  }

  if (OpenCity.createMap) {
    document.querySelectorAll("[data-card-place]").forEach((frame) => whenNear(frame, showPlace));
    document.querySelectorAll("[data-place-picker]").forEach(pickPlace);
  }
  document.querySelectorAll("form[data-keep]").forEach(keepTyped);
  document.querySelectorAll("[data-share]").forEach(share);
  document.querySelectorAll("[data-copy]").forEach(copy);
  document.querySelectorAll("[data-around]").forEach((frame) => whenNear(frame, lookAround));
  window.addEventListener("hashchange", openAddressed);
  openAddressed();
})();
