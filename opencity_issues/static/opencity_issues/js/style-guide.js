/* Puts every sign on the map of the style guide. */
(function () {
  "use strict";
  const element = document.getElementById("sample-map");
  if (!element) return;
  const map = OpenCity.createMap(element);
  const centre = map.getCenter();
  const signs = {
    open: OpenCity.pin("open", { title: "open" }),
    "open again, overdue": OpenCity.pin("open", { overdue: true, again: true, title: "open again, overdue" }),
    accepted: OpenCity.pin("accepted", { title: "accepted" }),
    "accepted, overdue": OpenCity.pin("accepted", { overdue: true, title: "accepted, overdue" }),
    closed: OpenCity.pin("closed", { title: "closed" }),
    archived: OpenCity.pin("archived", { title: "archived" }),
    "7 issues": OpenCity.clusterPin(7, "accepted", "7 issues"),
    "148 issues": OpenCity.clusterPin(148, "open", "148 issues"),
    "the place": OpenCity.placePin("the place"),
  };
  Object.entries(signs).forEach(([title, icon], i) => {
    const place = [centre.lat + 0.004 - 0.004 * (i % 3), centre.lng - 0.012 + 0.006 * (i % 5)];
    L.marker(place, { icon, title }).addTo(map);
  });
})();
