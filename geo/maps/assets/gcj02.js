/* Base maps in GCJ-02: each tile is put where its picture belongs in WGS 84, so data, clicks and coordinates stay true. */
(function () {
  "use strict";

  const A = 6378245.0;
  const EE = 0.00669342162296594323;

  function wave(x, y) {
    const pi = Math.PI;
    return ((20 * Math.sin(6 * x * pi) + 20 * Math.sin(2 * x * pi)) * 2) / 3 + y;
  }

  function lonOffset(x, y) {
    const pi = Math.PI;
    const flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
    const waves = (20 * Math.sin(x * pi) + 40 * Math.sin((x / 3) * pi)) * 2 / 3;
    const longWaves = (150 * Math.sin((x / 12) * pi) + 300 * Math.sin((x / 30) * pi)) * 2 / 3;
    return wave(x, flat) + waves + longWaves;
  }

  function latOffset(x, y) {
    const pi = Math.PI;
    const flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
    const waves = (20 * Math.sin(y * pi) + 40 * Math.sin((y / 3) * pi)) * 2 / 3;
    const longWaves = (160 * Math.sin((y / 12) * pi) + 320 * Math.sin((y * pi) / 30)) * 2 / 3;
    return wave(x, flat) + waves + longWaves;
  }

  function outsideChina(lon, lat) {
    return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
  }

  function toGcj(lon, lat) {
    if (outsideChina(lon, lat)) return [lon, lat];
    const rad = (lat * Math.PI) / 180;
    const bend = 1 - EE * Math.sin(rad) ** 2;
    const root = Math.sqrt(bend);
    const dLat = (latOffset(lon - 105, lat - 35) * 180) / (((A * (1 - EE)) / (bend * root)) * Math.PI);
    const dLon = (lonOffset(lon - 105, lat - 35) * 180) / ((A / root) * Math.cos(rad) * Math.PI);
    return [lon + dLon, lat + dLat];
  }

  function toWgs(lon, lat) {
    let guess = [lon, lat];
    for (let turn = 0; turn < 6; turn += 1) {
      const shifted = toGcj(guess[0], guess[1]);
      guess = [guess[0] + lon - shifted[0], guess[1] + lat - shifted[1]];
    }
    return guess;
  }

  const Layer = L.TileLayer.extend({
    _getTilePos: function (coords) {
      const size = this.getTileSize();
      const corner = coords.scaleBy(size);
      const middle = corner.add(size.divideBy(2));
      const drawn = this._map.unproject(middle, coords.z);
      const [lon, lat] = toWgs(drawn.lng, drawn.lat);
      const truly = this._map.project(L.latLng(lat, lon), coords.z);
      return corner.add(truly.subtract(middle)).subtract(this._level.origin).round();
    },
    _getTiledPixelBounds: function (center) {
      const [lon, lat] = toGcj(center.lng, center.lat);
      return L.TileLayer.prototype._getTiledPixelBounds.call(this, L.latLng(lat, lon));
    },
  });

  window.YizhanGcj02 = { toGcj: toGcj, toWgs: toWgs, layer: (url, options) => new Layer(url, options) };
})();
