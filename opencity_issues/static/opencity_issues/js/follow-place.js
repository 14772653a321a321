/* A circle on the map that somebody follows: moved by a tap, a drag, the keyboard (Enter: to the middle of the view) or
   "where I am", sized by the choice below it. Needs basemap.js; without it the circle stays where its page put it. */
(function () {
  "use strict";
  const OpenCity = window.OpenCity;
  const form = document.querySelector("[data-follow-place]");
  const element = document.getElementById("follow-map");
  if (!form || !element || !OpenCity?.createMap) return;
  const { lng, lat, radius } = form.elements;
  const [west, south, east, north] = (element.dataset.bounds || "").split(",").map(Number);
  const bounds = L.latLngBounds([south, west], [north, east]);
  const map = OpenCity.createMap(element);
  const start = L.latLng(Number(lat.value), Number(lng.value));
  const circle = L.circle(start, { radius: Number(radius.value), className: "follow-circle", interactive: false }).addTo(map);
  const pin = L.marker(start, { icon: OpenCity.placePin(), draggable: true, keyboard: false }).addTo(map);
  const status = form.querySelector("[data-place-status]");

  const show = () => map.fitBounds(circle.getBounds(), { padding: [16, 16] });

  function put(point) {
    status.textContent = bounds.contains(point) ? "" : form.dataset.outside;
    if (!bounds.contains(point)) return pin.setLatLng(circle.getLatLng());
    circle.setLatLng(point);
    pin.setLatLng(point);
    lng.value = point.lng.toFixed(6);
    lat.value = point.lat.toFixed(6);
  }

  OpenCity.choosePlace(map, put);
  pin.on("dragend", () => put(pin.getLatLng()));
  radius.addEventListener("change", () => {
    circle.setRadius(Number(radius.value));
    show();
  });

  const locate = form.querySelector("[data-locate]");
  if (navigator.geolocation) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          put(L.latLng(coords.latitude, coords.longitude));
          show();
        },
        () => (status.textContent = form.dataset.denied),
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }
  show();
})();
