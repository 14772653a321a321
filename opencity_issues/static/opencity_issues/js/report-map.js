/* The place of an issue: chosen on the map of the first screen by a tap, a drag, the keyboard or where one is; shown on
   the last screen. Needs basemap.js. */
(function () {
  "use strict";
  const OpenCity = window.OpenCity;
  if (!OpenCity?.createMap) return;
  const CLOSE_ZOOM = 17;

  function boundsOf(element) {
    const [west, south, east, north] = (element.dataset.bounds || "").split(",").map(Number);
    return L.latLngBounds([south, west], [north, east]);
  }

  class PlaceChooser {
    constructor(frame, element) {
      this.frame = frame;
      this.form = frame.closest("form");
      this.status = frame.querySelector("[data-place-status]");
      this.removal = frame.querySelector("[data-unplace]");
      this.bounds = boundsOf(element);
      this.marker = null;
      const { lng, lat } = this.form.elements;
      const known = lng.value !== "" && lat.value !== "" && Number.isFinite(+lng.value) && Number.isFinite(+lat.value);
      this.map = OpenCity.createMap(element);
      element.setAttribute("aria-describedby", "place-help");
      OpenCity.choosePlace(this.map, (place) => this.choose(place, "sayChosen"));
      this.removal.addEventListener("click", () => this.remove());
      this.form.addEventListener("opencity:place", ({ detail }) => {
        const place = L.latLng(detail.lat, detail.lng);
        if (this.choose(place, "sayChosen", false)) this.map.setView(place, detail.zoom || CLOSE_ZOOM);
      });
      if (known) {
        this.put(L.latLng(+lat.value, +lng.value));
        this.map.setView(this.marker.getLatLng(), CLOSE_ZOOM - 1);
        this.say("sayChosen");
      }
      const locate = frame.querySelector("[data-locate]");
      if (navigator.geolocation) locate.addEventListener("click", () => this.locate(locate));
      else locate.hidden = true;
    }

    say(what) {
      this.status.textContent = what ? this.frame.dataset[what] : "";
      this.status.classList.toggle("late", what === "sayOutside");
    }

    put(place) {
      if (this.marker) {
        this.marker.setLatLng(place);
      } else {
        this.marker = L.marker(place, { icon: OpenCity.placePin(), draggable: true, autoPan: true, keyboard: false });
        this.marker.on("dragend", () => {
          if (!this.choose(this.marker.getLatLng(), "sayChosen")) this.marker.setLatLng(this.last);
        });
        this.marker.addTo(this.map);
      }
      this.last = place;
      this.removal.hidden = false;
    }

    /* False where the place is not the city's; then everything stays as it was. */
    choose(place, what, asks = true) {
      if (!this.bounds.contains(place)) {
        this.say("sayOutside");
        return false;
      }
      this.put(place);
      this.write(place.lng.toFixed(6), place.lat.toFixed(6));
      this.say(what);
      if (asks) this.sayWhatIsNear(place);
      return true;
    }

    /* The street, where the city's gazetteer knows it: so that one sees whether the pin is right. */
    async sayWhatIsNear(place) {
      if (!this.frame.dataset.nearUrl) return;
      try {
        const address = `${this.frame.dataset.nearUrl}?near=${place.lng.toFixed(6)},${place.lat.toFixed(6)}`;
        const answer = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
        if (answer.address && place.equals(this.last)) {
          this.status.textContent = this.frame.dataset.sayNear.replace("{address}", answer.address);
        }
      } catch {
        /* the pin says enough */
      }
    }

    remove() {
      this.marker?.remove();
      this.marker = null;
      this.removal.hidden = true;
      this.write("", "");
      this.say("");
      this.map.getContainer().focus();
    }

    write(lng, lat) {
      this.form.elements.lng.value = lng;
      this.form.elements.lat.value = lat;
      this.form.dispatchEvent(new Event("opencity:changed"));
    }

    locate(button) {
      button.disabled = true;
      this.say("saySearching");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          button.disabled = false;
          const place = L.latLng(coords.latitude, coords.longitude);
          if (this.choose(place, "sayHere")) this.map.setView(place, CLOSE_ZOOM);
        },
        (error) => {
          button.disabled = false;
          this.say(error.code === error.PERMISSION_DENIED ? "sayDenied" : "sayUnknown");
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    }
  }

  const chooser = document.getElementById("report-map");
  if (chooser) new PlaceChooser(document.querySelector("[data-place]"), chooser);

  const shown = document.querySelector("[data-review-place]");
  if (shown) {
    const [lng, lat] = shown.dataset.reviewPlace.split(",").map(Number);
    const map = OpenCity.createMap(document.getElementById("review-map"), {
      center: [lat, lng], zoom: CLOSE_ZOOM - 1, scrollWheelZoom: false,
    });
    L.marker([lat, lng], { icon: OpenCity.placePin(), interactive: false, keyboard: false }).addTo(map);
  }
})();
