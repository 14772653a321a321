/* Names on the scheme: along streets, over districts, water and greens, beside landmarks. One canvas over the view,
   drawn anew when the map has come to rest; places along a street are fixed, so that names stay put while panning. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const PADDING = 0.25; // of the view, drawn beyond each side
  const FROM_ZOOM = { main: 13, secondary: 14, local: 15 };
  const LANDMARKS_FROM = 15;
  const LANDMARK_NAMES_FROM = 16;
  const SIZES = { main: 12.5, secondary: 12, local: 11.5 };
  const MAX_BEND = 0.55; // radians between neighbouring letters

  const ICONS = {
    city_hall: "landmark", square: "landmark", culture: "theater", library: "book-open", post: "mail",
    market: "shopping-cart", hospital: "hospital", school: "school", college: "graduation-cap", kindergarten: "baby",
    church: "church", station: "train-front", bus_station: "bus", stadium: "trophy", pool: "waves", works: "warehouse",
    fire_station: "flame", bridge: "route", shop: "store", museum: "landmark", beach: "umbrella",
  };

  /* Boxes already taken on the canvas. */
  class Taken {
    constructor() {
      this.boxes = [];
    }
    free(boxes, gap) {
      return boxes.every((a) =>
        this.boxes.every((b) => a[0] > b[2] + gap || a[2] < b[0] - gap || a[1] > b[3] + gap || a[3] < b[1] - gap),
      );
    }
    take(boxes) {
      this.boxes.push(...boxes);
    }
  }

  /* Walks a polyline given as [x, y] pixels: `at(d)` is the point and the direction `d` pixels from its start. */
  function walker(line) {
    const marks = [0];
    for (let i = 1; i < line.length; i++) {
      marks.push(marks[i - 1] + Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]));
    }
    const total = marks[marks.length - 1];
    function at(d) {
      let i = 1;
      while (i < marks.length - 1 && marks[i] < d) i++;
      const [x0, y0] = line[i - 1];
      const [x1, y1] = line[i];
      const share = (d - marks[i - 1]) / (marks[i] - marks[i - 1] || 1);
      return { x: x0 + (x1 - x0) * share, y: y0 + (y1 - y0) * share, angle: Math.atan2(y1 - y0, x1 - x0) };
    }
    return { total, at };
  }

  /* «мікрорайон Ювілейний» → «ЮВІЛЕЙНИЙ»: the kind of place, a word with a small letter, is said by the lettering. */
  const districtName = (name) => name.replace(/^\p{Ll}\S*\s+(?=\p{Lu})/u, "").toLocaleUpperCase();

  const turn = (a, b) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

  /* Letters of a name set along a line from distance `start`, or null where the line bends too sharply. */
  function setAlong(ctx, name, line, start, width) {
    const reversed = Math.abs(line.at(start + width / 2).angle) > Math.PI / 2;
    const letters = [];
    let gone = 0;
    let before = null;
    for (const letter of name) {
      const advance = ctx.measureText(letter).width;
      const middle = gone + advance / 2;
      const spot = line.at(start + (reversed ? width - middle : middle));
      const angle = reversed ? spot.angle + Math.PI : spot.angle;
      if (before !== null && turn(angle, before) > MAX_BEND) return null;
      letters.push({ letter, x: spot.x, y: spot.y, angle });
      before = angle;
      gone += advance;
    }
    return letters;
  }

  OpenCity.SchemeLabels = L.Layer.extend({
    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "scheme-labels leaflet-zoom-hide");
      this._icons = L.DomUtil.create("div", "scheme-landmarks leaflet-zoom-hide");
      this._canvas.setAttribute("aria-hidden", "true");
      this._icons.setAttribute("aria-hidden", "true");
      const pane = map.getPane("schemeLabels") || map.createPane("schemeLabels");
      pane.append(this._canvas, this._icons);
      map.on("moveend resize", this._redraw, this);
      this._redraw();
    },

    onRemove(map) {
      map.off("moveend resize", this._redraw, this);
      this._canvas.remove();
      this._icons.remove();
    },

    setScheme(scheme, colours) {
      this._scheme = scheme;
      this._colours = colours;
      if (this._map) this._redraw();
    },

    _redraw() {
      const map = this._map;
      if (!map || !this._scheme) return;
      const size = map.getSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const margin = size.multiplyBy(PADDING).round();
      const whole = size.add(margin.multiplyBy(2));
      this._canvas.width = whole.x * ratio;
      this._canvas.height = whole.y * ratio;
      this._canvas.style.width = whole.x + "px";
      this._canvas.style.height = whole.y + "px";
      const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1));
      L.DomUtil.setPosition(this._canvas, corner);
      L.DomUtil.setPosition(this._icons, corner);
      const ctx = this._canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      const zoom = map.getZoom();
      const scale = Math.pow(2, zoom - this._scheme.unitZoom);
      const offset = map.getPixelOrigin().add(corner);
      const origin = this._scheme.origin;
      const project = ([x, y]) => [(x + origin.x) * scale - offset.x, (y + origin.y) * scale - offset.y];
      const sight = this._sight(whole, project);
      const view = { ctx, zoom, whole, sight, project, taken: new Taken(), offset };
      this._landmarks(view);
      const ranks = ["main", "secondary", "local"].filter((rank) => zoom >= FROM_ZOOM[rank]);
      this._inTurn(view, [() => this._areas(view), ...ranks.map((rank) => () => this._streets(view, rank))]);
    },

    /* What was said first takes its room first; a newer view puts an end to this one's lettering. */
    async _inTurn(view, steps) {
      this._view = view;
      for (const step of steps) {
        await OpenCity.breathe();
        if (this._view !== view) return;
        step();
      }
    },

    _font(ctx, size, weight) {
      ctx.font = `${weight || 500} ${size}px Onest, system-ui, sans-serif`;
    },

    _write(ctx, text, x, y, ink) {
      ctx.strokeStyle = this._colours.halo;
      ctx.lineWidth = 3.5;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = ink;
      ctx.fillText(text, x, y);
    },

    /* Where names may stand: on the canvas, and not where the drawing passes into the paper. */
    _sight(whole, project) {
      const { clear } = this._scheme;
      if (!clear) return [0, 0, whole.x, whole.y];
      const [left, top] = project([clear[0], clear[1]]);
      const [right, bottom] = project([clear[2], clear[3]]);
      return [Math.max(0, left), Math.max(0, top), Math.min(whole.x, right), Math.min(whole.y, bottom)];
    },

    _inView({ sight: [left, top, right, bottom] }, [x, y], margin = 20) {
      return x > left - margin && y > top - margin && x < right + margin && y < bottom + margin;
    },

    _landmarks(view) {
      const { ctx, zoom, offset, taken } = view;
      this._icons.replaceChildren();
      if (zoom < LANDMARKS_FROM) return;
      this._font(ctx, 11.5, 500);
      for (const landmark of this._scheme.landmarks) {
        const point = this._map.project(landmark.latlng, zoom).subtract(offset);
        if (!this._inView(view, [point.x, point.y])) continue;
        const disc = [point.x - 12, point.y - 12, point.x + 12, point.y + 12];
        if (!taken.free([disc], 2)) continue;
        taken.take([disc]);
        this._icon(landmark, point);
        if (zoom < LANDMARK_NAMES_FROM) continue;
        const width = ctx.measureText(landmark.name).width;
        const box = [point.x - width / 2 - 2, point.y + 15, point.x + width / 2 + 2, point.y + 29];
        if (!taken.free([box], 2)) continue;
        taken.take([box]);
        this._write(ctx, landmark.name, point.x, point.y + 22, this._colours.ink);
      }
    },

    _icon(landmark, point) {
      const disc = document.createElement("span");
      disc.className = "scheme-landmark";
      disc.append(OpenCity.icon(ICONS[landmark.sort] || "landmark"));
      L.DomUtil.setPosition(disc, L.point(Math.round(point.x) - 11, Math.round(point.y) - 11));
      this._icons.append(disc);
    },

    _areas(view) {
      const { ctx, zoom, taken, project } = view;
      for (const feature of this._scheme.features) {
        if (!feature.name || !["district", "water", "green", "forest"].includes(feature.kind)) continue;
        const [left, top] = project([feature.box[0], feature.box[1]]);
        const [right, bottom] = project([feature.box[2], feature.box[3]]);
        const spot = feature.label ? project(feature.label) : [(left + right) / 2, (top + bottom) / 2];
        const isDistrict = feature.kind === "district";
        if (isDistrict && (zoom < 12 || zoom > 15)) continue;
        if (!this._inView(view, spot)) continue;
        const name = isDistrict ? districtName(feature.name) : feature.name;
        ctx.letterSpacing = isDistrict ? "1.2px" : "0px";
        this._font(ctx, isDistrict ? 11.5 : 12, isDistrict ? 600 : 500);
        const width = ctx.measureText(name).width;
        if (width > (right - left) * (isDistrict ? 1.3 : 1)) {
          ctx.letterSpacing = "0px";
          continue;
        }
        const box = [spot[0] - width / 2 - 4, spot[1] - 8, spot[0] + width / 2 + 4, spot[1] + 8];
        if (taken.free([box], 2)) {
          taken.take([box]);
          const inks = { water: "water-ink", green: "green-ink", forest: "green-ink", district: "ink" };
          ctx.globalAlpha = isDistrict ? 0.78 : 1;
          this._write(ctx, name, spot[0], spot[1], this._colours[inks[feature.kind]]);
          ctx.globalAlpha = 1;
        }
        ctx.letterSpacing = "0px";
      }
    },

    _streets(view, rank) {
      const { ctx, project } = view;
      this._font(ctx, SIZES[rank], rank === "main" ? 600 : 500);
      for (const street of this._scheme.features) {
        if (street.kind !== "street" || street.rank !== rank || !street.name) continue;
        const [left, top] = project([street.box[0], street.box[1]]);
        const [right, bottom] = project([street.box[2], street.box[3]]);
        if (right < 0 || bottom < 0 || left > view.whole.x || top > view.whole.y) continue;
        const width = ctx.measureText(street.name).width;
        for (const part of street.parts) this._along(view, street.name, walker(part.map(project)), width);
      }
    },

    /* The name at the middle of the line and at even distances from it, wherever it fits. */
    _along(view, name, line, width) {
      const { ctx, taken } = view;
      if (line.total < width + 16) return;
      const step = Math.max(width * 2.6, 460);
      const middle = (line.total - width) / 2;
      const count = Math.floor(middle / step);
      for (let i = -count; i <= count; i++) {
        for (const nudge of [0, 0.18, -0.18]) {
          const start = middle + i * step + nudge * Math.min(step, line.total);
          if (start < 6 || start + width > line.total - 6) continue;
          const spot = line.at(start + width / 2);
          if (!this._inView(view, [spot.x, spot.y], 0)) break;
          const letters = setAlong(ctx, name, line, start, width);
          if (!letters) continue;
          const boxes = letters.map(({ x, y }) => [x - 5, y - 6, x + 5, y + 6]);
          if (!taken.free(boxes, 3)) continue;
          taken.take(boxes);
          this._letters(ctx, name, letters);
          break;
        }
      }
    },

    _letters(ctx, name, letters) {
      const middle = letters[Math.floor(letters.length / 2)];
      const straight = letters.every(({ angle }) => turn(angle, middle.angle) < 0.02);
      const paint = (text, { x, y, angle }, layer) => {
        ctx.save();
        ctx.translate(x, y);
        ctx.rotate(angle);
        layer(text);
        ctx.restore();
      };
      ctx.strokeStyle = this._colours.halo;
      ctx.lineWidth = 3.2;
      ctx.fillStyle = this._colours.ink;
      const halo = (text) => ctx.strokeText(text, 0, 0);
      const ink = (text) => ctx.fillText(text, 0, 0);
      if (straight) {
        const [first, last] = [letters[0], letters[letters.length - 1]];
        const centre = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2, angle: middle.angle };
        paint(name, centre, halo);
        paint(name, centre, ink);
        return;
      }
      for (const spot of letters) paint(spot.letter, spot, halo);
      for (const spot of letters) paint(spot.letter, spot, ink);
    },
  });
})();
