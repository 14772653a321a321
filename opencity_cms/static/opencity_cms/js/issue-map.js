/* Living maps in a page, the home's among them: the data of the map page. A sign leads to its card, a group comes nearer.
   OpenCity.showIssues(map, {…}) and OpenCity.viewOf(map): the same for the admin's chooser of issues. */
(function () {
  "use strict";
  if (!window.OpenCity?.createMap) return;
  const AGAIN = 1;
  const OVERDUE = 2;

  /* west,south,east,north */
  OpenCity.viewOf = function (map) {
    const view = map.getBounds();
    return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((side) => side.toFixed(5)).join(",");
  };

  /* Draw the issues in view, anew whenever that changes. `sayGroup` with {count} and `sayIssue` with {number} are what a
     group and a sign are called (a sign need not be); `choose(number)` is called when a sign is pressed. */
  OpenCity.showIssues = function (map, { dataUrl, sayGroup, sayIssue, choose }) {
    const ringOf = (counts, late) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return OpenCity.ringPin(counts, sayGroup.replace("{count}", total), late);
    };
    const groups = L.layerGroup().addTo(map);
    const singles = OpenCity.pinGroup(ringOf, { animate: false }).addTo(map);
    let request = null;

    function addGroup([lng, lat, , open, accepted, closed, archived, late]) {
      const icon = ringOf([open, accepted, closed, archived], late);
      const marker = L.marker([lat, lng], { icon, keyboard: false });
      marker.on("click", () => map.setView([lat, lng], Math.min(map.getZoom() + 2, map.getMaxZoom())));
      groups.addLayer(marker);
    }

    function addIssue([number, lng, lat, status, flags]) {
      const overdue = Boolean(flags & OVERDUE);
      const icon = OpenCity.pin(status, { overdue, again: Boolean(flags & AGAIN) });
      const title = sayIssue?.replace("{number}", number) || "";
      const marker = L.marker([lat, lng], { icon, status, overdue, title, keyboard: false });
      marker.on("click", () => choose(number));
      return marker;
    }

    function load() {
      request?.abort();
      const { x, y } = map.getSize();
      if (!x || !y) return; // in an editor's preview before it is shown; its size, once it has one, moves the map
      request = new AbortController();
      const query = `bbox=${OpenCity.viewOf(map)}&zoom=${map.getZoom()}`;
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
  };

  function enliven(frame) {
    const { dataUrl, cardsUrl, sayGroup, wordsOver } = frame.dataset;
    // Where the words and the search lie over the map's left side on a wide screen, the city stands beside them.
    const beside = wordsOver !== undefined && matchMedia("(min-width: 60rem)").matches;
    const options = { scrollWheelZoom: false, ...(beside && { maxBounds: null }) }; // which would pull it back
    const map = OpenCity.createMap(frame.querySelector("[data-map]"), options);
    if (beside) map.panBy([-240, 0], { animate: false });
    OpenCity.showIssues(map, { dataUrl, sayGroup, choose: (number) => location.assign(`${cardsUrl}${number}/`) });
  }

  document.querySelectorAll("[data-issue-map]").forEach(enliven);
})();
