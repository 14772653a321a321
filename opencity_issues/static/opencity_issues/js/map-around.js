/* What the filter means on the map: the outline of the chosen district, the circle around a place; and the place that was
   searched for. OpenCity.mapAround(map, {page, addresses, words}) → {show(moves), goTo(place)}. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const SHOWN_MS = 60000;

  OpenCity.mapAround = function (map, { page, addresses }) {
    const layer = L.featureGroup().addTo(map);
    const line = { className: "map-outline", interactive: false, fill: false, weight: 3 };
    let shown = ""; // what the layer shows by now
    let mark = null;

    function districts(query) {
      return Promise.all(
        query.getAll("district").flatMap((value) => value.split(",")).filter(Boolean).map((key) =>
          fetch(addresses.district.replace("/0/", "/" + encodeURIComponent(key) + "/"), { credentials: "same-origin" })
            .then((answer) => (answer.ok ? answer.json() : null)),
        ),
      );
    }

    function circle(query) {
      const [lng, lat, metres] = (query.get("near") || "").split(",").map(Number);
      return Number.isFinite(lat) ? L.circle([lat, lng], { ...line, radius: metres || 500 }) : null;
    }

    /* Draw what the filter says; `moves`: bring the map to it where it is new. */
    function show(moves) {
      const query = OpenCity.filterQuery();
      const wanted = query.getAll("district").join() + "|" + (query.get("near") || "");
      if (wanted === shown) return;
      shown = wanted;
      districts(query).then((outlines) => {
        if (wanted !== shown) return;
        layer.clearLayers();
        for (const outline of outlines) if (outline) layer.addLayer(L.geoJSON(outline, { style: line, interactive: false }));
        const ring = circle(query);
        if (ring) layer.addLayer(ring);
        if (moves && layer.getLayers().length) map.fitBounds(layer.getBounds(), { padding: [24, 24], maxZoom: 17, animate: false });
      }, () => {}); // the list says the same without the outline
    }

    /* A sign that stays for a minute where the place is that was searched for. */
    function markPlace(at, name) {
      mark?.remove();
      const own = (mark = L.marker(at, {
        icon: OpenCity.placePin(name), interactive: false, keyboard: false, zIndexOffset: 4000,
      }).addTo(map));
      setTimeout(() => own.remove(), SHOWN_MS);
    }

    function goTo(place) {
      const at = [place.lat, place.lng];
      if (place.kind === "district") mark?.remove();
      else markPlace(at, place.name);
      map.setView(at, place.zoom);
      page.querySelector("#map")?.focus({ preventScroll: true });
    }

    const said = location.hash.match(/^#at=(-?[\d.]+),(-?[\d.]+)$/);
    if (said) markPlace([Number(said[2]), Number(said[1])]);

    return { show, goTo };
  };
})();
