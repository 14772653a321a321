/* Dresses wagtailgeowidget's map in the admin: the city's own scheme under it, Leaflet's sign from this site, no dragging
   where a place is only shown. The widget's words come from the server. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});

  /* The site's own pages draw landmarks with icons of their sheet, which the admin does not have. */
  OpenCity.icon ??= () => document.createElement("span");

  function markerIcon({ opencityMarker, opencityMarker2x, opencityShadow }) {
    return L.icon({
      iconUrl: opencityMarker, iconRetinaUrl: opencityMarker2x, shadowUrl: opencityShadow,
      iconSize: [25, 41], iconAnchor: [12, 41], shadowSize: [41, 41],
    });
  }

  async function layScheme(map, url) {
    const answer = await fetch(url, { credentials: "same-origin" });
    const geojson = answer.ok ? await answer.json() : null;
    if (!geojson?.features?.length) return;
    const scheme = OpenCity.readScheme(geojson);
    const colours = OpenCity.schemeColours(map.getContainer());
    const shapes = new OpenCity.SchemeLayer({ maxZoom: 19 }).addTo(map);
    const names = new OpenCity.SchemeLabels().addTo(map);
    shapes.setScheme(scheme, colours);
    names.setScheme(scheme, colours);
  }

  const initMap = LeafletField.prototype.initMap;
  LeafletField.prototype.initMap = function (mapElement, place) {
    initMap.call(this, mapElement, place);
    const source = this.sourceField[0];
    this.map.attributionControl.setPrefix(false);
    this.marker.setIcon(markerIcon(source.dataset));
    // The widget's own field for the numbers has no label.
    const label = document.querySelector(`label[for="${source.id}"]`);
    if (label) this.latLngField.attr("aria-label", label.textContent.replace("*", "").trim());
    if (source.dataset.opencityReadOnly) {
      this.marker.dragging?.disable();
      this.latLngField.prop("readOnly", true);
    } else {
      this.map.on("click", (event) => {
        this.setMapPosition(event.latlng);
        this.updateLatLng(event.latlng);
        this.writeLocation(event.latlng);
      });
    }
    if (source.dataset.opencityScheme) layScheme(this.map, source.dataset.opencityScheme).catch(() => {});
  };
})();
