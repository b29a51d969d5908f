/* Paints the map anew from the tiles that are here: what is in sight at once, the rest when the browser has time. The
   layer's own way lays labels out again, waits for each tile in turn and takes those out of sight first as well. */
(function () {
  "use strict";

  const TILE_PX = 256;
  const LABEL_PX = 16;
  const LABELED_TILES = 64;
  let turn = 0;

  const inSight = (box, { x, y }) =>
    (x + 1) * TILE_PX > box.min.x && x * TILE_PX < box.max.x && (y + 1) * TILE_PX > box.min.y && y * TILE_PX < box.max.y;

  function paint(layer, { coords, el }, parts) {
    const [left, top] = [coords.x * TILE_PX, coords.y * TILE_PX];
    const around = { minX: left - LABEL_PX, minY: top - LABEL_PX, maxX: left + TILE_PX + LABEL_PX, maxY: top + TILE_PX + LABEL_PX };
    const pen = el.getContext("2d");
    const scale = layer.tileSize / TILE_PX;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, TILE_PX, TILE_PX);
    if (layer.backgroundColor) {
      pen.fillStyle = layer.backgroundColor;
      pen.fillRect(0, 0, TILE_PX, TILE_PX);
    }
    const labels = layer.labelers.getIndex(coords.z);
    protomapsL.paint(pen, coords.z, parts, labels, layer.paintRules, around, { x: left, y: top }, false);
  }

  /* The parts of a tile that have been fetched, nothing while one of them has not. */
  async function partsOf(layer, coords) {
    const parts = new Map();
    for (const [name, view] of layer.views) {
      const { x, y, z } = view.dataTileForDisplayTile(coords).dataTile;
      if (!view.tileCache.cache.has(`${x}:${y}:${z}`)) return null;
      parts.set(name, [await view.getDisplayTile(coords)]);
    }
    return parts;
  }

  async function again(layer, tile) {
    if (!tile.loaded) return;
    const parts = await partsOf(layer, tile.coords);
    if (!layer._map || tile.el.key === undefined) return;
    if (parts) paint(layer, tile, parts);
    else await layer.renderTile(tile.coords, tile.el, tile.el.key);
  }

  function later(layer, tiles, mine) {
    const wait = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 10 }), 50));
    wait(async (time) => {
      while (tiles.length && mine === turn && layer._map) {
        await again(layer, tiles.pop());
        if (time.timeRemaining() < 5) return later(layer, tiles, mine);
      }
    });
  }

  /* Resolves when everything in sight is painted; a tile that is still on its way comes in the new colours anyway. */
  async function repaint(layer) {
    const mine = ++turn;
    const box = layer._map.getPixelBounds();
    const tiles = Object.values(layer._tiles).filter((tile) => tile.coords.z === layer._tileZoom);
    await Promise.all(tiles.filter((tile) => inSight(box, tile.coords)).map((tile) => again(layer, tile)));
    document.body.dataset.repainted = String(Date.now());
    later(layer, tiles.filter((tile) => !inSight(box, tile.coords)), mine);
  }

  /* Lays labels out anew when tiles are painted next; the library would forget those of the sixteenth tile and lay
     them out again and again. */
  function layOut(layer) {
    layer.clearLayout();
    layer.labelers.maxLabeledTiles = LABELED_TILES;
  }

  window.YizhanRepaint = { repaint, layOut };
})();
