/* What lies under the pointer: looked up in the tiles that are already here. */
(function () {
  "use strict";

  const TILE = 512;
  const DEEPEST = 16;
  const REACH = { station: 12, candidate_site: 9, unit: 6 };
  const ORDER = ["station", "candidate_site", "unit", "building", "compound", "community"];

  function insideRings(x, y, rings) {
    let inside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const a = ring[i];
        const b = ring[j];
        if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
      }
    }
    return inside;
  }

  function hit(feature, x, y, reach) {
    const box = feature.bbox;
    if (x < box.minX - reach || x > box.maxX + reach || y < box.minY - reach || y > box.maxY + reach) return false;
    if (feature.geomType === 1) return Math.hypot(feature.geom[0][0].x - x, feature.geom[0][0].y - y) <= reach;
    return insideRings(x, y, feature.geom);
  }

  /* Returns {kind, id} of the topmost visible thing at a place, or null. */
  function pick(map, latlng) {
    const zoom = Math.round(map.leaflet.getZoom());
    const dataZoom = Math.min(zoom - 1, DEEPEST);
    if (dataZoom < 0) return null;
    const at = map.leaflet.project(latlng, dataZoom).divideBy(256);
    const column = Math.floor(at.x);
    const row = Math.floor(at.y);
    const entry = map.view().tileCache.cache.get(`${column}:${row}:${dataZoom}`);
    if (!entry) return null;
    const x = (at.x - column) * TILE;
    const y = (at.y - row) * TILE;
    const scale = 2 ** (zoom - 1 - dataZoom);
    for (const kind of ORDER) {
      if (!map.isOn(kind) || zoom < map.drawnFrom(kind)) continue;
      const found = (entry.data.get(kind) || []).filter((feature) => hit(feature, x, y, (REACH[kind] || 0) / scale));
      if (found.length) return { kind: kind, id: YizhanStyle.idOf(found[found.length - 1]) };
    }
    return null;
  }

  window.YizhanPick = { pick, insideRings };
})();
