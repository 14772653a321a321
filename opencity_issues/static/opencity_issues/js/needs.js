/* The needs of the community on the map ([data-needs-map]): a disc a need with the count of its issues, which leads to it.
   The list beside says the same without the map. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const NEAREST = 15;

  function showNeeds(frame) {
    const marks = JSON.parse(document.getElementById("needs-marks").textContent);
    const map = OpenCity.createMap(frame.querySelector("[data-map]"), { scrollWheelZoom: false });
    const points = marks.map((mark) => L.latLng(mark.lat, mark.lng));
    marks.forEach((mark, index) => {
      const icon = OpenCity.clusterPin(mark.count, "open", mark.title);
      const marker = L.marker(points[index], { icon, title: mark.title, keyboard: true, riseOnHover: true });
      const open = () => window.location.assign(mark.url);
      marker.on("click", open);
      marker.on("keypress", (event) => event.originalEvent.key === "Enter" && open());
      marker.addTo(map);
    });
    map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: NEAREST });
  }

  if (OpenCity.createMap) document.querySelectorAll("[data-needs-map]").forEach(showNeeds);
})();
