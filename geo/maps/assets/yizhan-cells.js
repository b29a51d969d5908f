/* Cells over the tiles: hexagons or outlines of a class each, drawn on one canvas; a click tells which one it was. */
(function () {
  "use strict";

  const PANE = "yz-cells";
  const OPACITY = 0.72;
  let drawn = null;
  let layer = null;
  let shapes = [];
  let picked = null;

  function ringsOf(row, corners) {
    if (row[5]) return row[5].map((ring) => ring.map(([lon, lat]) => [lat, lon]));
    return [corners.map(([lon, lat]) => [row[3] + lat, row[2] + lon])];
  }

  function look(style, selected) {
    const quiet = style.code === 0;
    return {
      color: selected ? "#1f2328" : style.stroke,
      weight: selected ? 3 : style.hollow ? 2.5 : quiet ? 0.3 : 0.8,
      dashArray: style.hatched && !selected ? "3 3" : null,
      fillColor: style.fill,
      fillOpacity: style.hatched || quiet ? 0.3 : OPACITY,
      opacity: 0.95,
      interactive: false,
      pane: PANE,
    };
  }

  function selectedId(map) {
    const { selected } = map.state;
    return selected && selected.kind === "cell" ? selected.id : null;
  }

  function draw(map) {
    const { cells } = map.state;
    if (layer) layer.remove();
    shapes = [];
    layer = null;
    if (!cells) return;
    if (!map.leaflet.getPane(PANE)) map.leaflet.createPane(PANE).style.zIndex = 350;
    const renderer = L.canvas({ pane: PANE, padding: 0.3 });
    const styles = new Map(cells.styles.map((style) => [style.code, style]));
    layer = L.layerGroup().addTo(map.leaflet);
    for (const row of cells.rows) {
      const style = styles.get(row[1]);
      if (!style) continue;
      const shape = L.polygon(ringsOf(row, cells.corners), { ...look(style, false), renderer });
      layer.addLayer(shape);
      shapes.push({ id: row[0], words: row[4], style, shape, bounds: shape.getBounds() });
    }
    picked = null;
  }

  function mark(map) {
    const id = selectedId(map);
    if (id === picked) return;
    for (const one of shapes) {
      if (one.id !== id && one.id !== picked) continue;
      one.shape.setStyle(look(one.style, one.id === id));
      if (one.id === id) one.shape.bringToFront();
    }
    picked = id;
  }

  function update(map) {
    const wanted = JSON.stringify(map.state.cells || null);
    if (wanted !== drawn) {
      drawn = wanted;
      draw(map);
    }
    mark(map);
  }

  function inside(latlng, rings) {
    const asPoints = rings.map((ring) => ring.map(({ lat, lng }) => ({ x: lng, y: lat })));
    return YizhanPick.insideRings(latlng.lng, latlng.lat, asPoints);
  }

  /* Returns the cell at a place, or null. */
  function pick(latlng) {
    const found = shapes.find((one) => one.bounds.contains(latlng) && inside(latlng, one.shape.getLatLngs()));
    return found ? { kind: "cell", id: found.id, words: found.words } : null;
  }

  /* How many cells there are of each class, for the legend. */
  function counts(map) {
    const found = {};
    for (const row of map.state.cells.rows) found[row[1]] = (found[row[1]] || 0) + 1;
    return found;
  }

  window.YizhanCells = { update, pick, counts };
})();
