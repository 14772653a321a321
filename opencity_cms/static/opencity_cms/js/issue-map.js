/* Living maps in a page, the home's among them: the data of the map page. A sign leads to its card, a group comes nearer. */
(function () {
  "use strict";
  if (window.OpenCity?.createMap) document.querySelectorAll("[data-issue-map]").forEach(enliven);

  function enliven(frame) {
    const element = frame.querySelector("[data-map]");
    const { dataUrl, cardsUrl, sayGroup, wordsOver } = frame.dataset;
    const STATUSES = ["open", "accepted", "closed", "archived"];
    const AGAIN = 1;
    const OVERDUE = 2;

    const ringOf = (counts, late) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return OpenCity.ringPin(counts, sayGroup.replace("{count}", total), late);
    };

    const map = OpenCity.createMap(element, { scrollWheelZoom: false });
    const groups = L.layerGroup().addTo(map);
    const singles = L.markerClusterGroup({
      maxClusterRadius: 40,
      showCoverageOnHover: false,
      animate: false,
      iconCreateFunction: (cluster) => {
        const children = cluster.getAllChildMarkers();
        const counts = STATUSES.map((status) => children.filter((one) => one.options.status === status).length);
        return ringOf(counts, children.filter((one) => one.options.overdue).length);
      },
    }).addTo(map);
    let request = null;

    // Where the words and the search lie over the map's left side on a wide screen, the city stands beside them.
    if (wordsOver !== undefined && matchMedia("(min-width: 60rem)").matches) map.panBy([-240, 0], { animate: false });

    function addGroup([lng, lat, , open, accepted, closed, archived, late]) {
      const icon = ringOf([open, accepted, closed, archived], late);
      const marker = L.marker([lat, lng], { icon, keyboard: false });
      marker.on("click", () => map.setView([lat, lng], Math.min(map.getZoom() + 2, map.getMaxZoom())));
      groups.addLayer(marker);
    }

    function addIssue([number, lng, lat, status, flags]) {
      const icon = OpenCity.pin(status, { overdue: Boolean(flags & OVERDUE), again: Boolean(flags & AGAIN) });
      const marker = L.marker([lat, lng], { icon, status, overdue: Boolean(flags & OVERDUE), keyboard: false });
      marker.on("click", () => location.assign(`${cardsUrl}${number}/`));
      return marker;
    }

    function load() {
      request?.abort();
      const { x, y } = map.getSize();
      if (!x || !y) return; // in an editor's preview before it is shown; its size, once it has one, moves the map
      request = new AbortController();
      const view = map.getBounds();
      const sides = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
      const query = `bbox=${sides.map((side) => side.toFixed(5)).join(",")}&zoom=${map.getZoom()}`;
      fetch(`${dataUrl}${dataUrl.includes("?") ? "&" : "?"}${query}`, { signal: request.signal, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((data) => {
          if (!data) return;
          groups.clearLayers();
          singles.clearLayers();
          data.clusters.forEach(addGroup);
          singles.addLayers(data.issues.map(addIssue));
        })
        .catch(() => {
          // The map is an ornament here: without its signs the page still says everything.
        });
    }

    map.on("moveend", load);
    load();
  }
})();
