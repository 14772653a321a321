/* The moderator's visits.
   - [data-walk]: the stops on the map, in order, with a line between them.
   - [data-here]: the walk from where one stands, if the telephone tells it.
   - form[data-check]: what was typed stays in this browser until it has been sent; without a connection the form with
     its photo stays as it is. Without this script it is a plain form. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});

  function showWalk(frame) {
    const places = JSON.parse(document.getElementById("walk-places").textContent);
    const map = OpenCity.createMap(frame.querySelector("[data-map]"), { scrollWheelZoom: false });
    const points = places.stops.map((stop) => L.latLng(stop.place[1], stop.place[0]));
    const start = L.latLng(places.start[1], places.start[0]);
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() || "#0b6e6e";
    L.polyline([start, ...points], { color: colour, weight: 3, opacity: 0.8, dashArray: "6 6", interactive: false }).addTo(map);
    L.circleMarker(start, { radius: 6, color: colour, fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(map);
    places.stops.forEach((stop, index) => {
      const number = document.createElement("span");
      number.className = `walk-pin walk-pin--${stop.status}${stop.flagged ? " walk-pin--flagged" : ""}`;
      number.textContent = String(stop.number);
      const icon = L.divIcon({ html: number, className: "", iconSize: [30, 30], iconAnchor: [15, 15] });
      const marker = L.marker(points[index], { icon, title: `${stop.number}. ${stop.title}`, alt: stop.title, keyboard: false });
      marker.on("click", () => {
        const row = document.querySelectorAll(".visits > li")[index];
        row?.scrollIntoView({ behavior: "smooth", block: "center" });
      });
      marker.addTo(map);
    });
    map.fitBounds(L.latLngBounds([start, ...points]).pad(0.1), { maxZoom: 17 });
  }

  function fromHere(button) {
    const form = button.form;
    button.hidden = !navigator.geolocation;
    button.addEventListener("click", () => {
      button.disabled = true;
      OpenCity.toast?.(button.dataset.finding, "locate-fixed");
      navigator.geolocation.getCurrentPosition(
        (found) => {
          form.elements.lng.value = found.coords.longitude.toFixed(6);
          form.elements.lat.value = found.coords.latitude.toFixed(6);
          form.submit();
        },
        () => {
          button.disabled = false;
          OpenCity.toast?.(button.dataset.refused, "circle-alert");
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
    form.elements.district?.addEventListener("change", () => {
      form.elements.lng.value = form.elements.lat.value = "";
    });
  }

  const keyOf = (form) => `opencity-check:${form.dataset.check}`;

  function restore(form) {
    try {
      const kept = JSON.parse(localStorage.getItem(keyOf(form)) || "null");
      if (!kept) return;
      const area = form.elements.text;
      if (!area.value) area.value = kept.text || "";
      const chosen = form.querySelector("input[name=outcome]:checked");
      const radio = kept.outcome ? form.querySelector(`input[name=outcome][value="${CSS.escape(kept.outcome)}"]`) : null;
      if (!chosen && radio) radio.checked = true;
    } catch {
      /* storage may be forbidden; then only the form itself keeps it */
    }
  }

  function keep(form) {
    try {
      const outcome = form.querySelector("input[name=outcome]:checked")?.value || "";
      localStorage.setItem(keyOf(form), JSON.stringify({ text: form.elements.text.value, outcome }));
    } catch {
      /* as above */
    }
  }

  function forget(form) {
    try {
      localStorage.removeItem(keyOf(form));
    } catch {
      /* as above */
    }
  }

  /* The answer that was followed has used up the words of what was noted: they are carried to the page that is opened. */
  const SAID = "opencity-check-said";

  function carryOver(text) {
    const said = new DOMParser().parseFromString(text, "text/html").querySelector(".messages p");
    try {
      if (said) sessionStorage.setItem(SAID, said.textContent.trim());
    } catch {
      /* as above */
    }
  }

  function sayCarried() {
    try {
      const said = sessionStorage.getItem(SAID);
      sessionStorage.removeItem(SAID);
      if (said) OpenCity.toast?.(said, "circle-check");
    } catch {
      /* as above */
    }
  }

  function sayFiles(form) {
    const words = form.querySelector("[data-files-said]");
    form.elements.files.addEventListener("change", () => {
      const count = form.elements.files.files.length;
      if (count) words.textContent = `${words.dataset.one} ${count}`;
    });
  }

  async function send(form) {
    const button = form.querySelector("button");
    const lost = form.querySelector("[data-check-lost]");
    lost.hidden = true;
    button.disabled = true;
    form.setAttribute("aria-busy", "true");
    const sending = OpenCity.toast?.(form.dataset.sending, "send");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (answer.redirected) {
        forget(form);
        carryOver(await answer.text());
        window.location.assign(answer.url);
        return;
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const again = page.getElementById("check");
      if (!again) {
        window.location.reload();
        return;
      }
      form.replaceWith(document.adoptNode(again));
      begin(again);
      again.querySelector(".error-summary")?.focus();
      again.scrollIntoView();
    } catch {
      lost.querySelector("p").textContent = form.dataset.lost;
      lost.hidden = false;
      lost.scrollIntoView({ block: "center" });
    }
    sending?.remove();
    button.disabled = false;
    form.removeAttribute("aria-busy");
  }

  function begin(form) {
    restore(form);
    sayFiles(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.getAttribute("aria-busy") !== "true") send(form);
    });
  }

  if (OpenCity.createMap) document.querySelectorAll("[data-walk]").forEach(showWalk);
  document.querySelectorAll("[data-here]").forEach(fromHere);
  document.querySelectorAll("form[data-check]").forEach(begin);
  sayCarried();
})();
