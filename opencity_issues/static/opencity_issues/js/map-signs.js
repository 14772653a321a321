/* Signs of the map's page: the ring of a group, shared out among the statuses within, and the "where I am" button. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const SVG = "http://www.w3.org/2000/svg";
  const STATUSES = ["open", "accepted", "closed", "archived"];

  function sizeOf(count) {
    return count < 10 ? 40 : count < 100 ? 46 : count < 1000 ? 54 : 62;
  }

  function short(count) {
    return count < 10000 ? String(count) : Math.round(count / 1000) + "k";
  }

  function arc(status, from, share) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", "ring__arc ring__arc--" + status);
    circle.setAttribute("cx", "22");
    circle.setAttribute("cy", "22");
    circle.setAttribute("r", "18.5");
    circle.setAttribute("pathLength", "100");
    circle.setAttribute("stroke-dasharray", share + " " + (100 - share));
    circle.setAttribute("stroke-dashoffset", String(-from));
    return circle;
  }

  /* L.divIcon of a group; `counts` by open, accepted, closed, archived; `late`: how many of them are overdue, which gets
     a mark of its own; `title` is what a screen reader says. */
  OpenCity.ringPin = function (counts, title, late) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const size = sizeOf(total);
    const ring = document.createElement("span");
    const drawing = document.createElementNS(SVG, "svg");
    const number = document.createElement("span");
    const words = document.createElement("span");
    ring.className = "ring";
    drawing.setAttribute("viewBox", "0 0 44 44");
    drawing.setAttribute("aria-hidden", "true");
    const ground = document.createElementNS(SVG, "circle");
    for (const [name, value] of [["class", "ring__ground"], ["cx", "22"], ["cy", "22"], ["r", "21"]]) {
      ground.setAttribute(name, value);
    }
    drawing.append(ground);
    let from = 0;
    counts.forEach((count, position) => {
      if (!count) return;
      const share = (100 * count) / total;
      drawing.append(arc(STATUSES[position], from, share));
      from += share;
    });
    number.className = "ring__number";
    number.textContent = short(total);
    number.setAttribute("aria-hidden", "true");
    words.className = "visually-hidden";
    words.textContent = title || "";
    ring.append(drawing, number, words);
    if (late) ring.append(OpenCity.cornerMark("overdue"));
    return L.divIcon({ html: ring, className: "ring-pin", iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
  };

  /* Pins of single issues, those near one another as a ring by `ringOf(counts, late)`. A ring is as wide as the radius:
     nearer ones would lie over each other. */
  OpenCity.pinGroup = function (ringOf, options) {
    return L.markerClusterGroup({
      maxClusterRadius: 46,
      showCoverageOnHover: false,
      iconCreateFunction: (cluster) => {
        const children = cluster.getAllChildMarkers();
        const counts = STATUSES.map((status) => children.filter((one) => one.options.status === status).length);
        return ringOf(counts, children.filter((one) => one.options.overdue).length);
      },
      ...options,
    });
  };

  /* A button among the map's controls that shows where the visitor is. `words` come from the page. */
  OpenCity.whereIAm = function (map, city, words) {
    if (!navigator.geolocation) return;
    const here = L.marker([0, 0], {
      icon: L.divIcon({ className: "here-pin", iconSize: [20, 20] }), interactive: false, keyboard: false,
    });
    const control = L.control({ position: "topright" });
    control.onAdd = function () {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      const button = L.DomUtil.create("button", "map-button", bar);
      button.type = "button";
      button.title = words.whereIAm;
      button.setAttribute("aria-label", words.whereIAm);
      button.append(OpenCity.icon("locate-fixed"));
      L.DomEvent.disableClickPropagation(bar);
      button.addEventListener("click", () => {
        button.disabled = true;
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => {
            button.disabled = false;
            const place = L.latLng(coords.latitude, coords.longitude);
            if (city && !city.contains(place)) return OpenCity.toast(words.outside, "info");
            here.setLatLng(place).addTo(map);
            map.setView(place, Math.max(map.getZoom(), 17));
            OpenCity.toast(words.youAreHere, "locate-fixed");
          },
          () => {
            button.disabled = false;
            OpenCity.toast(words.noPlace, "circle-alert");
          },
          { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
        );
      });
      return bar;
    };
    control.addTo(map);
  };
})();
