/* OpenCity.createMap(element, options): a Leaflet map of the city by the element's data attributes (tag `base_map`).
   The base is the city's own scheme, drawn here; tiles of another server are asked for only after the operator made
   them the default or the visitor chose them in the layer switch. Also the signs on the map: pins, clusters, badges. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const CHOICE = "opencity-base-layer";
  const MAX_ZOOM = 19;
  const HOUSE_ZOOM = 15; // from here on scheme.js draws houses
  const schemes = new Map(); // address → promise of a part of the scheme, one for all maps of a page

  /* Leaflet's own scale knows English units alone. */
  const Scale = L.Control.Scale.extend({
    _updateMetric(most) {
      const metres = this._getRoundNum(most);
      const { labels } = this.options;
      const words = metres < 1000 ? labels.metres.replace("{n}", metres) : labels.kilometres.replace("{n}", metres / 1000);
      this._updateScale(this._mScale, words, metres / most);
    },
  });

  function fetchPart(url, part) {
    const address = url + (url.includes("?") ? "&" : "?") + "part=" + part;
    if (!schemes.has(address)) {
      const answer = fetch(address, { credentials: "same-origin" }).then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      });
      schemes.set(address, answer);
    }
    return schemes.get(address);
  }

  /* The scheme ready to be drawn, with its houses where they are drawn: half of its weight is theirs. */
  function readScheme(url, withHouses) {
    const parts = withHouses ? ["base", "houses"] : ["base"];
    return Promise.all(parts.map((part) => fetchPart(url, part))).then(([base, houses]) => {
      const features = [...(base?.features || []), ...(houses?.features || [])];
      return features.length ? OpenCity.readScheme({ ...base, features }) : null;
    });
  }

  function remembered() {
    try {
      return sessionStorage.getItem(CHOICE);
    } catch {
      return null; // storage may be forbidden
    }
  }

  function remember(choice) {
    try {
      sessionStorage.setItem(CHOICE, choice);
    } catch {
      /* then it is asked again on the next page */
    }
  }

  function isDark() {
    const look = document.documentElement.dataset.theme;
    return look ? look === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /* Calls back when light turns dark, by the system or by data-theme. */
  function onLookChange(callback) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
    const watch = new MutationObserver(callback);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", callback);
      watch.disconnect();
    };
  }

  /* Shapes and names as one base layer. */
  function schemeLayer(element, url, labels) {
    const shapes = new OpenCity.SchemeLayer({ maxZoom: MAX_ZOOM });
    const names = new OpenCity.SchemeLabels();
    const group = L.layerGroup();
    let scheme = null;
    const paint = () => {
      if (!scheme) return;
      const colours = OpenCity.schemeColours(element);
      element.classList.toggle("map--dark", isDark()); // for paper, which is white (print.css)
      shapes.setScheme(scheme, colours);
      group.addLayer(shapes);
      names.setScheme(scheme, colours);
      OpenCity.breathe().then(() => group.addLayer(names));
    };
    const fontsReady = document.fonts ? document.fonts.load("500 12px Onest", "Їжак") : Promise.resolve();
    let housed = false;
    const addHouses = ({ target }) => {
      const map = target._map || target;
      if (housed || map.getZoom() < HOUSE_ZOOM) return;
      housed = true;
      readScheme(url, true).then((read) => {
        scheme = read;
        paint();
      }, () => (housed = false));
    };
    shapes.on("add", (event) => {
      event.target._map.on("zoomend", addHouses);
      addHouses(event);
    });
    shapes.on("remove", (event) => event.target._map?.off("zoomend", addHouses));
    Promise.all([readScheme(url, false), fontsReady.catch(() => null)])
      .then(([read]) => {
        if (housed && scheme) return;
        scheme = read;
        paint();
      })
      .catch(() => OpenCity.toast?.(labels.schemeFailed || "", "circle-alert"));
    const stop = onLookChange(paint);
    element.addEventListener("opencity:removed", stop, { once: true });
    return group;
  }

  /* Leaflet takes attributions as markup: the operator's words stay words, the credit's address becomes a link. */
  function attribution(source) {
    const words = document.createElement(source.credit ? "a" : "span");
    if (source.credit) words.setAttribute("href", source.credit);
    words.textContent = source.attribution || "";
    return words.outerHTML;
  }

  /* Tiles, a map service, or one file of vector tiles, whose reader comes only with it. */
  function sourceLayer(element, source) {
    const options = {
      maxZoom: MAX_ZOOM,
      attribution: attribution(source),
      // servers of tiles ask to be told which site calls
      referrerPolicy: "strict-origin-when-cross-origin",
      className: "map-tile",
    };
    if (source.kind === "wms") return L.tileLayer.wms(source.url, { ...options, layers: source.layers, format: "image/png" });
    if (source.kind === "pmtiles") return vectorLayer(element, source, options.attribution);
    return L.tileLayer(source.url, options);
  }

  function script(address) {
    return new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = address;
      tag.addEventListener("load", resolve);
      tag.addEventListener("error", reject);
      document.head.append(tag);
    });
  }

  function vectorLayer(element, source, credit) {
    const group = L.layerGroup([], { attribution: credit });
    let layer = null;
    const paint = () => {
      if (layer) group.removeLayer(layer);
      const { lang } = document.documentElement;
      layer = window.protomapsL.leafletLayer({
        url: source.url, flavor: isDark() ? "dark" : "light", lang, attribution: credit, maxDataZoom: 15,
      });
      group.addLayer(layer);
    };
    group.once("add", () => {
      const ready = window.protomapsL ? Promise.resolve() : script(source.script);
      // The first tile would fail as well: then the scheme takes the map's place.
      const there = fetch(source.url, { headers: { Range: "bytes=0-15" } }).then((answer) => {
        if (answer.status !== 206) throw new Error("no answer by parts: " + answer.status);
      });
      Promise.all([ready, there]).then(() => {
        paint();
        const stop = onLookChange(paint);
        element.addEventListener("opencity:removed", stop, { once: true });
      }, () => group.fire("opencity:failed"));
    });
    return group;
  }

  /* Where the first tiles do not come, the scheme takes their place, and the visitor is told why. */
  function fallBack(map, layer, scheme, labels) {
    let came = false;
    const fail = () => {
      if (came || !scheme || !map.hasLayer(layer)) return;
      map.removeLayer(layer);
      scheme.addTo(map);
      OpenCity.toast?.(labels.baseFailed || "", "circle-alert");
    };
    let failed = 0;
    layer.on("tileload", () => (came = true));
    layer.on("tileerror", () => (failed += 1) >= 3 && fail());
    layer.on("opencity:failed", fail);
  }

  function defaultIcon(data) {
    if (!data.markerIcon) return;
    delete L.Icon.Default.prototype._getIconUrl;
    L.Icon.Default.mergeOptions({
      iconUrl: data.markerIcon,
      iconRetinaUrl: data.markerIcon2x,
      shadowUrl: data.markerShadow,
    });
  }

  function addBase(map, element, data, labels) {
    const layers = {};
    if (data.schemeUrl) layers.scheme = schemeLayer(element, data.schemeUrl, labels);
    if (data.base) layers.base = sourceLayer(element, JSON.parse(data.base));
    if (data.offered) layers.osm = sourceLayer(element, JSON.parse(data.offered));
    for (const name of ["base", "osm"]) if (layers[name]) fallBack(map, layers[name], layers.scheme, labels);
    const first = layers[remembered()] || layers.base || layers.scheme;
    first?.addTo(map);
    const names = Object.keys(layers);
    if (names.length < 2) return;
    const named = Object.fromEntries(names.map((name) => [labels[name] || name, layers[name]]));
    const control = L.control.layers(named, null, { position: "topright", collapsed: true }).addTo(map);
    const toggle = control.getContainer().querySelector(".leaflet-control-layers-toggle");
    if (toggle) {
      toggle.title = labels.layers || "";
      toggle.setAttribute("aria-label", labels.layers || "");
      toggle.replaceChildren(OpenCity.icon("layers"));
    }
    map.on("baselayerchange", (event) => remember(names.find((name) => layers[name] === event.layer)));
  }

  OpenCity.createMap = function (element, options) {
    const data = element.dataset;
    const labels = JSON.parse(data.labels || "{}");
    const bounds = (data.bounds || "").split(",").map(Number);
    const city = bounds.length === 4 && bounds.every(Number.isFinite)
      ? L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]])
      : null;
    defaultIcon(data);
    const map = L.map(element, {
      center: [Number(data.centreLat), Number(data.centreLng)],
      zoom: Number(data.zoom) || 13,
      minZoom: 10,
      maxZoom: MAX_ZOOM,
      maxBounds: city ? city.pad(0.6) : null,
      maxBoundsViscosity: 0.7,
      zoomControl: false,
      attributionControl: false,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fadeAnimation: false,
      ...options,
    });
    // out as far as the whole city, and no farther
    if (city && map.getSize().x) map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(city)));
    map.createPane("schemeLabels").style.zIndex = "250";
    map.getPane("schemeLabels").style.pointerEvents = "none";
    L.control.attribution({ prefix: false }).addTo(map);
    L.control
      .zoom({ position: "topright", zoomInTitle: labels.zoomIn || "+", zoomOutTitle: labels.zoomOut || "−" })
      .addTo(map);
    new Scale({ imperial: false, labels }).addTo(map);
    let removed = false;
    map.on("unload", () => {
      removed = true;
      element.dispatchEvent(new Event("opencity:removed"));
    });
    OpenCity.breathe().then(() => removed || addBase(map, element, data, labels));
    return map;
  };

  /* Signs */

  // Wagtail's admin has a place of this name for its own icons, without an address.
  const sprite = document.querySelector("[data-sprite]:not([data-sprite=''])")?.dataset.sprite;
  const drawings = new Map(); // name of a symbol → its element

  /* Signs made once this has come hold their drawing themselves: by reference, all would be laid out a second time. */
  OpenCity.drawingsRead = (sprite ? fetch(sprite) : Promise.reject(new Error("no drawings")))
    .then((answer) => answer.text())
    .then((text) => {
      const symbols = new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("symbol");
      for (const symbol of symbols) drawings.set(symbol.id, symbol);
    })
    .catch(() => null); // then they refer to it

  function drawing(symbol, box) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", box);
    svg.setAttribute("aria-hidden", "true");
    if (drawings.has(symbol)) {
      svg.append(...document.importNode(drawings.get(symbol), true).childNodes);
      return svg;
    }
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", sprite + "#" + symbol);
    svg.append(use);
    return svg;
  }

  /* The small disc at a sign's corner: "overdue" or "again". */
  OpenCity.cornerMark = function (name) {
    const mark = document.createElement("span");
    const icon = drawing("mark-" + name, "0 0 24 24");
    mark.className = "pin__mark pin__mark-" + name;
    icon.setAttribute("class", "icon");
    mark.append(icon);
    return mark;
  };

  OpenCity.pinElement = function (status, { overdue, again } = {}) {
    const pin = document.createElement("span");
    pin.className = "pin pin--" + status;
    pin.append(drawing("pin-" + status, "0 0 36 36"));
    if (overdue) pin.append(OpenCity.cornerMark("overdue"));
    if (again) pin.append(OpenCity.cornerMark("again"));
    return pin;
  };

  function named(element, title) {
    if (title) {
      const words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = title;
      element.append(words);
    }
    return element;
  }

  /* Drawn when it is shown, since most pins lie unseen in groups. */
  const LateIcon = L.DivIcon.extend({
    createIcon(old) {
      this.options.html ||= this.options.build();
      return L.DivIcon.prototype.createIcon.call(this, old);
    },
  });

  /* L.divIcon of an issue; `title` is what a screen reader says (title, status). */
  OpenCity.pin = function (status, { overdue, again, title } = {}) {
    const build = () => named(OpenCity.pinElement(status, { overdue, again }), title);
    return new LateIcon({ build, className: "map-pin", iconSize: [44, 44], iconAnchor: [22, 22], popupAnchor: [0, -16] });
  };

  /* L.divIcon of several issues: their count, the rim in the colour of the most urgent status among them. */
  OpenCity.clusterPin = function (count, status, title) {
    const disc = document.createElement("span");
    disc.className = "cluster-pin__disc";
    disc.textContent = count > 9999 ? Math.round(count / 1000) + "k" : String(count);
    named(disc, title);
    const className = "cluster-pin cluster-pin--" + (status || "open");
    return L.divIcon({ html: disc, className, iconSize: [44, 44], iconAnchor: [22, 22] });
  };

  /* Calls `choose(latlng)` for a tap, and for Enter, which takes the middle of the map. */
  OpenCity.choosePlace = function (map, choose) {
    const element = map.getContainer();
    map.on("click", ({ latlng }) => choose(latlng));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      choose(map.getCenter());
    });
  };

  /* L.divIcon of the place being chosen in the form. */
  OpenCity.placePin = function (title) {
    const html = document.createElement("span");
    html.append(drawing("pin-place", "0 0 36 44"));
    return L.divIcon({ html: named(html, title), className: "place-pin", iconSize: [44, 54], iconAnchor: [22, 51] });
  };

  OpenCity.badge = function (status, word) {
    const badge = document.createElement("span");
    badge.className = "badge badge--" + status;
    badge.append(OpenCity.icon("status-" + status), document.createTextNode(word));
    return badge;
  };
})();
