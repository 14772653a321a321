// The living map of the home page: the same data as the map page; a click opens the place there.
(() => {
  const element = document.getElementById("home-map");
  if (!element || !window.OpenCity || !OpenCity.createMap) return;
  const map = OpenCity.createMap(element, { scrollWheelZoom: false });
  const layer = L.layerGroup().addTo(map);
  let request = null;

  const cluster = (lng, lat, count, status) => {
    const marker = L.marker([lat, lng], { icon: OpenCity.clusterPin(count, status), keyboard: false });
    marker.on("click", () => map.setView([lat, lng], map.getZoom() + 2));
    return marker;
  };
  const issue = (number, lng, lat, status) => {
    const marker = L.marker([lat, lng], { icon: OpenCity.pin(status, {}), keyboard: false });
    marker.on("click", () => { window.location.href = `${element.dataset.cards || "/issues/"}${number}/`; });
    return marker;
  };

  const load = async () => {
    if (request) request.abort();
    request = new AbortController();
    const box = map.getBounds();
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((part) => part.toFixed(5)).join(",");
    try {
      const answer = await fetch(`${element.dataset.dataUrl || "/map/data/"}?bbox=${bbox}&zoom=${map.getZoom()}`, { signal: request.signal });
      if (!answer.ok) return;
      const data = await answer.json();
      layer.clearLayers();
      for (const [lng, lat, count, status] of data.clusters) layer.addLayer(cluster(lng, lat, count, typeof status === "string" ? status : "open"));
      for (const [number, lng, lat, status] of data.issues) layer.addLayer(issue(number, lng, lat, status));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  map.on("moveend", load);
  load();
})();
