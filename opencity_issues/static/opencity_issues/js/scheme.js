/* The city's own scheme as a Leaflet layer: GeoJSON drawn on canvas tiles, in the colours of the style sheet.
   Coordinates are kept as pixels of zoom 14 about an origin, so that one Path2D serves every zoom. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const UNIT_ZOOM = 14;
  const FADE = 0.07; // of the shorter side of the scheme
  const NO_FILL = { rail: true, street: true, district: true };

  // [zoom, pixels] pairs; between them the width grows evenly by eye (exponentially)
  const WIDTHS = {
    main: [[11, 1.6], [13, 4], [15, 10], [17, 22], [19, 48]],
    secondary: [[11, 0.8], [13, 2.6], [15, 7.5], [17, 17], [19, 38]],
    local: [[12, 0.5], [14, 2.2], [15, 4.6], [17, 13], [19, 30]],
    rail: [[11, 0.8], [15, 1.8], [19, 4]],
  };

  /* A promise that lets waiting touches and drawing go first: long work is cut with it, for the sake of old telephones. */
  OpenCity.breathe = () => window.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

  function widthAt(stops, zoom) {
    if (zoom <= stops[0][0]) return stops[0][1];
    for (let i = 1; i < stops.length; i++) {
      const [z0, w0] = stops[i - 1];
      const [z1, w1] = stops[i];
      if (zoom <= z1) return w0 * Math.pow(w1 / w0, (zoom - z0) / (z1 - z0));
    }
    return stops[stops.length - 1][1];
  }

  /* All rings or lines of a geometry as arrays of [lng, lat]. */
  function partsOf(geometry) {
    const { type, coordinates } = geometry;
    if (type === "LineString") return [coordinates];
    if (type === "MultiLineString" || type === "Polygon") return coordinates;
    if (type === "MultiPolygon") return coordinates.flat();
    return [];
  }

  /* Names in the page's language where the scheme has them: name_en, name_uk, else name. */
  function nameOf(properties) {
    return properties["name_" + document.documentElement.lang] || properties.name;
  }

  /* A feature made ready for drawing: `parts` in unit pixels, their box, and the path. */
  function prepare(feature, origin) {
    const closed = feature.geometry.type.includes("Polygon");
    const path = new Path2D();
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const parts = partsOf(feature.geometry).map((part) =>
      part.map(([lng, lat]) => {
        const point = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lng), UNIT_ZOOM);
        const x = point.x - origin.x;
        const y = point.y - origin.y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
        return [x, y];
      }),
    );
    for (const part of parts) {
      part.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
      if (closed) path.closePath();
    }
    return { ...feature.properties, name: nameOf(feature.properties), closed, parts, path, box };
  }

  /* The edges of what was drawn, [left, top, right, bottom] in unit pixels; null where the scheme names none. */
  function frameOf(bbox, origin) {
    if (!Array.isArray(bbox) || bbox.length !== 4) return null;
    const corner = (lng, lat) => L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lng), UNIT_ZOOM).subtract(origin);
    const [start, end] = [corner(bbox[0], bbox[3]), corner(bbox[2], bbox[1])];
    return [start.x, start.y, end.x, end.y];
  }

  const fadeOf = ([left, top, right, bottom]) => Math.min(right - left, bottom - top) * FADE;

  /* Within the frame, what does not fade. */
  function clearOf(frame) {
    const depth = fadeOf(frame);
    return [frame[0] + depth, frame[1] + depth, frame[2] - depth, frame[3] - depth];
  }

  /* The scheme read once for a page: { origin, frame, clear, features, landmarks }. */
  OpenCity.readScheme = function (geojson) {
    const first = geojson.features.find((feature) => feature.geometry.type !== "Point") || geojson.features[0];
    let corner = first ? first.geometry.coordinates : [0, 0];
    while (Array.isArray(corner[0])) corner = corner[0];
    const origin = L.CRS.EPSG3857.latLngToPoint(L.latLng(corner[1], corner[0]), UNIT_ZOOM);
    const shapes = geojson.features.filter((feature) => feature.geometry.type !== "Point");
    const landmarks = geojson.features
      .filter((feature) => feature.geometry.type === "Point")
      .map((feature) => ({
        ...feature.properties,
        name: nameOf(feature.properties),
        latlng: L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]),
      }));
    const frame = frameOf(geojson.bbox, origin);
    const features = shapes.map((shape) => prepare(shape, origin));
    return { origin, unitZoom: UNIT_ZOOM, frame, clear: frame && clearOf(frame), features, landmarks };
  };

  /* Colours from the style sheet, read anew whenever light turns dark. */
  OpenCity.schemeColours = function (element) {
    const style = getComputedStyle(element);
    const read = (name) => style.getPropertyValue("--map-" + name).trim();
    const names = ["ground", "town", "outline", "district", "block", "works", "building", "water", "green", "forest",
      "street", "street-case", "main", "main-case", "secondary", "rail", "ink", "halo", "water-ink", "green-ink"];
    return Object.fromEntries(names.map((name) => [name, read(name)]));
  };

  function fillOf(feature, colours, zoom) {
    switch (feature.kind) {
      case "outline": return colours.town;
      case "forest": return colours.forest;
      case "green": return colours.green;
      case "water": return colours.water;
      case "building": return zoom >= 15 ? colours.building : null;
      case "block":
        if (feature.use === "park") return colours.green;
        return feature.use === "works" ? colours.works : colours.block;
      default: return null;
    }
  }

  OpenCity.SchemeLayer = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, className: "scheme-tile" },

    setScheme(scheme, colours) {
      this._scheme = scheme;
      this._colours = colours;
      if (this._map) this.redraw();
    },

    /* Each tile is a task of its own, so that an old telephone answers in between. */
    createTile(coords, done) {
      const size = this.getTileSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const tile = document.createElement("canvas");
      tile.width = size.x * ratio;
      tile.height = size.y * ratio;
      setTimeout(() => {
        if (this._scheme) this._draw(tile.getContext("2d"), coords, size, ratio);
        done(null, tile);
      });
      return tile;
    },

    _draw(ctx, coords, size, ratio) {
      const scheme = this._scheme;
      const scale = Math.pow(2, coords.z - scheme.unitZoom);
      const left = (coords.x * size.x) / scale - scheme.origin.x;
      const top = (coords.y * size.y) / scale - scheme.origin.y;
      const margin = 40 / scale;
      const view = [left - margin, top - margin, left + size.x / scale + margin, top + size.y / scale + margin];
      const visible = scheme.features.filter(
        ({ box }) => box[0] < view[2] && box[2] > view[0] && box[1] < view[3] && box[3] > view[1],
      );
      ctx.setTransform(ratio * scale, 0, 0, ratio * scale, -left * ratio * scale, -top * ratio * scale);
      ctx.lineJoin = "round";
      ctx.lineCap = "round";
      this._areas(ctx, visible, coords.z, scale);
      this._rails(ctx, visible, coords.z, scale);
      this._streets(ctx, visible, coords.z, scale);
      if (scheme.frame) this._fade(ctx, view, scheme.frame);
    },

    /* Towards its edges the drawing passes into the paper, so that the country does not end in a straight cut. */
    _fade(ctx, view, [left, top, right, bottom]) {
      const ground = this._colours.ground;
      const depth = fadeOf([left, top, right, bottom]);
      const sides = [
        [left, 0, left + depth, 0], [right, 0, right - depth, 0], [0, top, 0, top + depth], [0, bottom, 0, bottom - depth],
      ];
      for (const side of sides) {
        const gradient = ctx.createLinearGradient(...side);
        gradient.addColorStop(0, ground);
        gradient.addColorStop(1, ground + "00");
        ctx.fillStyle = gradient;
        ctx.fillRect(view[0], view[1], view[2] - view[0], view[3] - view[1]);
      }
    },

    _areas(ctx, features, zoom, scale) {
      const colours = this._colours;
      for (const feature of features) {
        if (NO_FILL[feature.kind]) continue;
        if (feature.kind === "water" && !feature.closed) {
          ctx.strokeStyle = colours.water;
          ctx.lineWidth = Math.max(1.5, widthAt(WIDTHS.secondary, zoom)) / scale;
          ctx.stroke(feature.path);
          continue;
        }
        const fill = fillOf(feature, colours, zoom);
        if (!fill) continue;
        ctx.fillStyle = fill;
        ctx.fill(feature.path, "evenodd");
      }
      for (const feature of features) {
        if (feature.kind !== "outline") continue;
        ctx.strokeStyle = colours.outline;
        ctx.lineWidth = 1.5 / scale;
        ctx.setLineDash([7 / scale, 5 / scale]);
        ctx.stroke(feature.path);
        ctx.setLineDash([]);
      }
    },

    _rails(ctx, features, zoom, scale) {
      const width = widthAt(WIDTHS.rail, zoom);
      for (const feature of features) {
        if (feature.kind !== "rail") continue;
        ctx.strokeStyle = this._colours.rail;
        ctx.lineWidth = width / scale;
        ctx.stroke(feature.path);
        if (zoom < 13) continue;
        // sleepers
        ctx.lineCap = "butt";
        ctx.lineWidth = (width * 3.4) / scale;
        ctx.setLineDash([1.2 / scale, 9 / scale]);
        ctx.stroke(feature.path);
        ctx.setLineDash([]);
        ctx.lineCap = "round";
      }
    },

    _streets(ctx, features, zoom, scale) {
      const colours = this._colours;
      const ranks = ["local", "secondary", "main"];
      const streets = features.filter(({ kind }) => kind === "street");
      for (const casing of [true, false]) {
        for (const rank of ranks) {
          const width = widthAt(WIDTHS[rank], zoom);
          const edge = rank === "local" && zoom < 14 ? 0 : zoom < 13 ? 0.6 : 1.1;
          if (casing && !edge) continue;
          const fill = rank === "main" ? colours.main : rank === "secondary" ? colours.secondary : colours.street;
          const thin = !casing && !edge ? colours["street-case"] : fill;
          ctx.strokeStyle = casing ? colours[rank === "main" ? "main-case" : "street-case"] : thin;
          ctx.lineWidth = (casing ? width + 2 * edge : width) / scale;
          for (const street of streets) if (street.rank === rank) ctx.stroke(street.path);
        }
      }
    },
  });
})();
