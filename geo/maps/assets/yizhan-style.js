/* How the map looks: paint and label rules over the tiles. Colours by class come from arrays looked up by id. */
(function () {
  "use strict";

  const PAPER = "#f4f1ea";
  const INK = "#1f2328";
  const HIDDEN = 255;
  const FONT = '"Noto Sans SC", "Noto Sans CJK SC", sans-serif';
  const BUILDINGS_FROM = 15;
  const COMPOUNDS_FROM = 12;

  const idOf = (feature) => feature.id ?? feature.props.id;

  function ring(ctx, geom) {
    ctx.beginPath();
    for (const part of geom) {
      part.forEach((point, at) => (at ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
    }
  }

  const patterns = new WeakMap();

  function hatch(ctx) {
    if (!patterns.has(ctx)) patterns.set(ctx, hatching(ctx));
    return patterns.get(ctx);
  }

  function hatching(ctx) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#e9e9e9";
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = "#bdbdbd";
    pen.lineWidth = 1;
    for (const shift of [-6, 0, 6]) {
      pen.beginPath();
      pen.moveTo(shift, 6);
      pen.lineTo(shift + 6, 0);
      pen.stroke();
    }
    return ctx.createPattern(tile, "repeat");
  }

  /* Fills areas by class: `styleOf(feature, zoom)` gives {fill, stroke, width, hatched}, or nothing to draw nothing. */
  function area(styleOf) {
    return {
      draw(ctx, geom, zoom, feature) {
        const style = styleOf(feature, zoom);
        if (!style) return;
        ctx.globalAlpha = style.opacity ?? 1;
        ring(ctx, geom);
        if (style.fill) {
          ctx.fillStyle = style.hatched ? hatch(ctx) : style.fill;
          ctx.fill();
        }
        if (style.width) {
          ctx.strokeStyle = style.stroke;
          ctx.lineWidth = style.width;
          if (style.dash) ctx.setLineDash(style.dash);
          ctx.stroke();
          if (style.dash) ctx.setLineDash([]);
        }
        ctx.globalAlpha = 1;
      },
    };
  }

  function line(widthOf, color, dash) {
    return {
      draw(ctx, geom, zoom, feature) {
        const width = widthOf(zoom, feature);
        if (!width) return;
        ctx.lineCap = ctx.lineJoin = "round";
        ctx.strokeStyle = color;
        ctx.lineWidth = width;
        ctx.setLineDash(dash || []);
        ring(ctx, geom);
        ctx.stroke();
        ctx.setLineDash([]);
      },
    };
  }

  function point(drawAt) {
    return {
      draw(ctx, geom, zoom, feature) {
        ctx.globalAlpha = 1;
        ctx.setLineDash([]);
        drawAt(ctx, geom[0][0].x, geom[0][0].y, zoom, feature);
      },
    };
  }

  function disc(ctx, x, y, radius, fill, stroke, dash) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill) {
      ctx.fillStyle = fill;
      ctx.fill();
    }
    ctx.setLineDash(dash || []);
    ctx.strokeStyle = stroke;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /* A station: a filled circle with a house; a planned one dashed, a closed one grey. */
  function station(ctx, x, y, zoom, feature) {
    const status = feature.props.status;
    const radius = zoom >= 15 ? 10 : zoom >= 13 ? 7 : 4;
    const runs = status === "open";
    const over = status === "closed" || status === "suspended";
    const red = over ? "#6b6b6b" : "#b3261e";
    disc(ctx, x, y, radius, runs || over ? red : "#ffffff", runs ? "#ffffff" : red, runs || over ? [] : [3, 2]);
    if (radius < 7) return;
    const s = radius / 10;
    ctx.beginPath();
    for (const [dx, dy] of [[0, -6], [6, -1], [4, -1], [4, 5], [1.5, 5], [1.5, 1], [-1.5, 1], [-1.5, 5], [-4, 5], [-4, -1], [-6, -1]]) {
      ctx.lineTo(x + dx * s, y + dy * s);
    }
    ctx.closePath();
    ctx.fillStyle = runs || over ? "#ffffff" : red;
    ctx.fill();
  }

  const ROAD_WIDTHS = { road: [13, 2.2, 18, 16], street: [14, 1.6, 18, 11], path: [15, 0.8, 18, 4], crossing: [15, 0.8, 18, 4], stairs: [15, 0.8, 18, 4] };

  function roadWidth(zoom, kind) {
    const [from, thin, to, wide] = ROAD_WIDTHS[kind] || ROAD_WIDTHS.path;
    if (zoom < from) return kind === "road" ? 1.2 : 0.6;
    return thin * (wide / thin) ** (Math.min(zoom - from, to - from) / (to - from));
  }

  const isWay = (kinds) => (_zoom, feature) => kinds.includes(feature.props.kind);

  function groundRules(map) {
    const shown = () => !map.baseMap;
    const ground = (kinds) => (_zoom, feature) => shown() && kinds.includes(feature.props.kind);
    const ways = (kinds) => (zoom, feature) => shown() && isWay(kinds)(zoom, feature);
    const flat = (fill) => area(() => ({ fill: fill }));
    return [
      { dataSource: "base", dataLayer: "ground", filter: ground(["park"]), symbolizer: flat("#cfe8c0") },
      { dataSource: "base", dataLayer: "ground", filter: ground(["water", "river"]), symbolizer: flat("#a9d3ef") },
      { dataSource: "base", dataLayer: "walk_edge", minzoom: 14, filter: ways(["road", "street"]),
        symbolizer: line((zoom, f) => roadWidth(zoom, f.props.kind) + 1.6, "#ddd6c8") },
      { dataSource: "base", dataLayer: "walk_edge", minzoom: 16, filter: ways(["path", "crossing"]),
        symbolizer: line((zoom) => roadWidth(zoom, "path") + 1, "#e3dccd") },
      { dataSource: "base", dataLayer: "walk_edge", minzoom: 15, filter: ways(["path", "crossing"]),
        symbolizer: line((zoom) => roadWidth(zoom, "path"), "#ffffff") },
      { dataSource: "base", dataLayer: "walk_edge", minzoom: 16, filter: ways(["stairs"]),
        symbolizer: line((zoom) => roadWidth(zoom, "stairs"), "#b9ad97", [2, 2]) },
      { dataSource: "base", dataLayer: "walk_edge", filter: ways(["road", "street"]),
        symbolizer: line((zoom, f) => roadWidth(zoom, f.props.kind), "#ffffff") },
    ];
  }

  const SHARE_OPACITY = 0.78;

  const OUTLINES_FROM = 11;

  function shareStyle(map, kind) {
    return (feature, zoom) => {
      const near = zoom >= OUTLINES_FROM;
      const found = map.classOf(kind, idOf(feature));
      if (found === HIDDEN || map.state.cells) return near ? { stroke: "#c9c4b8", width: 0.6 } : null;
      const { fill, hatched } = map.styleOf("share", found);
      return { fill, hatched: hatched && near, opacity: SHARE_OPACITY, stroke: "#8c8577", width: near ? 0.6 : 0 };
    };
  }

  function areaRules(map) {
    const on = (layer) => () => map.isOn(layer);
    const outline = (stroke, width, dash) => area(() => ({ stroke: stroke, width: width, dash: dash }));
    const few = map.state.few_buildings;
    const rules = [
      { dataLayer: "community", maxzoom: COMPOUNDS_FROM - 1, filter: on("community"), symbolizer: area(shareStyle(map, "community")) },
      { dataLayer: "compound", minzoom: BUILDINGS_FROM, filter: on("compound"),
        symbolizer: area(() => ({ fill: "#fffdf7", opacity: 0.55, stroke: "#b8ae9a", width: 1, dash: [5, 3] })) },
      { dataLayer: "community", minzoom: COMPOUNDS_FROM, filter: on("community"), symbolizer: outline("#7a7263", 1.4, [8, 3, 2, 3]) },
      { dataLayer: "district", maxzoom: 13, filter: on("community"), symbolizer: outline("#4d4638", 1.6) },
    ];
    rules.splice(1, 0, {
      dataLayer: "compound", minzoom: COMPOUNDS_FROM, maxzoom: few ? 11 : BUILDINGS_FROM - 1, filter: on("compound"),
      symbolizer: area(shareStyle(map, "compound")),
    });
    return rules.map((rule) => ({ dataSource: "places", ...rule }));
  }

  function buildingStyle(map) {
    return (feature, zoom) => {
      const found = map.classOf("building", idOf(feature));
      if (found === HIDDEN || !map.statusOn(found)) return { fill: "#efebe2", stroke: "#d8d2c4", width: 0.6 };
      const style = map.styleOf("building", found);
      const width = style.hollow ? (zoom >= 16 ? 2 : 1.4) : zoom >= 16 ? 0.8 : 0;
      return { fill: style.fill, hatched: style.hatched && zoom >= 16, stroke: style.stroke, width: width };
    };
  }

  /* A candidate site is hollow; one that a plan has chosen is drawn as the planned station it would be. */
  function candidate(map) {
    return (ctx, x, y, zoom, feature) => {
      if ((map.state.sites || []).includes(idOf(feature))) station(ctx, x, y, Math.max(zoom, 15), { props: { status: "sited" } });
      else disc(ctx, x, y, 7, null, "#b3261e");
    };
  }

  function pointRules(map) {
    const on = (layer) => () => map.isOn(layer);
    return [
      { dataLayer: "gate", minzoom: 16, filter: on("gate"), symbolizer: point((ctx, x, y) => disc(ctx, x, y, 3, "#ffffff", "#7a7263")) },
      { dataLayer: "unit", minzoom: 18, filter: on("unit"), symbolizer: point((ctx, x, y) => disc(ctx, x, y, 3, "#ffffff", INK)) },
      { dataLayer: "candidate_site", minzoom: 14, filter: on("candidate_site"), symbolizer: point(candidate(map)) },
      { dataLayer: "station", minzoom: 12, filter: on("station"), symbolizer: point(station) },
    ].map((rule) => ({ dataSource: "places", ...rule }));
  }

  function selectionRules(map) {
    const chosen = (kind) => (_zoom, feature) => {
      const selected = map.state.selected;
      return Boolean(selected) && selected.kind === kind && selected.id === idOf(feature);
    };
    const around = area(() => ({ stroke: INK, width: 3 }));
    const circle = point((ctx, x, y) => {
      disc(ctx, x, y, 12, null, INK);
    });
    const areas = ["district", "community", "compound", "building"].map((kind) => ({ dataLayer: kind, filter: chosen(kind), symbolizer: around }));
    const points = ["unit", "station", "gate", "candidate_site"].map((kind) => ({ dataLayer: kind, filter: chosen(kind), symbolizer: circle }));
    return [...areas, ...points].map((rule) => ({ dataSource: "places", ...rule }));
  }

  function paintRules(map) {
    return [
      ...groundRules(map),
      ...areaRules(map),
      { dataSource: "places", dataLayer: "building", minzoom: map.state.few_buildings ? 12 : BUILDINGS_FROM,
        filter: () => map.isOn("building"), symbolizer: area(buildingStyle(map)) },
      ...pointRules(map),
      ...selectionRules(map),
    ];
  }

  const FITS_PX = 30;

  /* A text in the middle of a feature's box, where it fits. */
  function middle(symbolizer) {
    return {
      place(layout, geom, feature) {
        let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
        for (const part of geom) {
          for (const p of part) {
            west = Math.min(west, p.x);
            east = Math.max(east, p.x);
            south = Math.min(south, p.y);
            north = Math.max(north, p.y);
          }
        }
        if (east - west < FITS_PX || north - south < FITS_PX / 2) return undefined;
        const at = geom[0][0].clone();
        at.x = (west + east) / 2;
        at.y = (south + north) / 2;
        return symbolizer.place(layout, [[at]], feature);
      },
    };
  }

  function labelRules(map) {
    const on = (layer) => () => map.isOn(layer);
    const centred = (size, fill, key) =>
      new protomapsL.CenteredTextSymbolizer({ labelProps: [key || "name"], font: `${size}px ${FONT}`, fill: fill, stroke: "#ffffff", width: 2 });
    const rules = [
      { dataLayer: "district_name", maxzoom: 11, filter: on("community"), symbolizer: centred(15, "#4d4638") },
      { dataLayer: "community_name", minzoom: 12, maxzoom: 14, filter: on("community"), symbolizer: centred(12, INK) },
      { dataLayer: "station", minzoom: 15, filter: on("station"),
        symbolizer: new protomapsL.OffsetTextSymbolizer({ labelProps: ["name"], font: `13px ${FONT}`, fill: "#8f1d17", stroke: "#ffffff", width: 3, offsetX: 12, offsetY: 6 }) },
      { dataLayer: "compound_name", minzoom: 14, maxzoom: 18, filter: on("compound"), symbolizer: centred(12, "#5b5345") },
      { dataLayer: "building", minzoom: 17, filter: on("building"), symbolizer: middle(centred(11, INK, "number")) },
    ].map((rule) => ({ dataSource: "places", ...rule }));
    rules.push({
      dataSource: "base", dataLayer: "walk_edge", minzoom: 16, filter: (_zoom, feature) => !map.baseMap && Boolean(feature.props.name),
      symbolizer: new protomapsL.LineLabelSymbolizer({ labelProps: ["name"], font: `11px ${FONT}`, fill: "#6f6757", stroke: "#ffffff", width: 2 }),
    });
    return rules;
  }

  window.YizhanStyle = { paintRules, labelRules, idOf, PAPER, HIDDEN, BUILDINGS_FROM, COMPOUNDS_FROM };
})();
