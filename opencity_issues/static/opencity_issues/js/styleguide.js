/* Puts every sign on the map of the style guide. */
(function () {
  "use strict";
  const element = document.getElementById("sample-map");
  if (!element) return;
  const map = window.OpenCity.createMap(element);
  const centre = map.getCenter();
  const signs = [
    OpenCity.pin("open", { title: "open" }),
    OpenCity.pin("open", { overdue: true, again: true }),
    OpenCity.pin("accepted"),
    OpenCity.pin("accepted", { overdue: true }),
    OpenCity.pin("closed"),
    OpenCity.pin("archived"),
    OpenCity.clusterPin(7, "accepted"),
    OpenCity.clusterPin(148, "open"),
    OpenCity.placePin(),
  ];
  signs.forEach((icon, i) => {
    L.marker([centre.lat + 0.004 - 0.004 * (i % 3), centre.lng - 0.012 + 0.006 * (i % 5)], { icon }).addTo(map);
  });
  window.OpenCity.sampleMap = map;
})();
