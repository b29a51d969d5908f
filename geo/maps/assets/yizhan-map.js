/* The city on a Leaflet map: vector tiles drawn by protomaps-leaflet, coloured by class arrays, clicks handed to the page.
   Yizhan.start is called once by the map's script, Yizhan.update on every rerun of the page; neither moves the map. */
(function () {
  "use strict";

  const BASE_LAYERS = "ground+walk_edge";
  const PLACE_LAYERS =
    "district+community+compound+building+unit+gate+candidate_site+station+district_name+community_name+compound_name";
  const DRAWN_FROM = { station: 12, candidate_site: 14, unit: 18, building: 15, compound: 12, community: 6 };
  const NO_PLACE = 254;
  const HOVER_MS = 70;
  const PHONE_PX = 640;
  const PHONE_HEIGHT_PX = 440;

  const map = {
    leaflet: null, layer: null, panel: null, state: null, baseMap: null, baseLayers: [],
    classes: {}, off: new Set(), names: new Map(), tip: null, lastFocus: null, drawn: null, layersOpen: false,
  };

  map.isOn = (layer) => !map.off.has(layer);
  map.statusOn = (code) => (code > 100 && code < NO_PLACE) || !map.state.statuses || map.state.statuses.includes(code);
  map.view = () => map.layer.views.get("places");
  map.drawnFrom = (kind) => (kind === "building" && map.state.few_buildings ? 12 : DRAWN_FROM[kind]);

  map.classOf = (kind, id) => {
    const marked = kind === "building" && map.state.marked ? map.state.marked[id] : undefined;
    if (marked !== undefined) return marked;
    const known = map.classes[kind];
    const code = known && known.values ? known.values[id - known.first] : undefined;
    return code === undefined || code === NO_PLACE ? 0 : code;
  };

  map.styleOf = (group, code) => {
    const styles = group === "building" && code > 100 && code < NO_PLACE ? map.state.styles.patch : map.state.styles[group];
    return styles.find((style) => style.code === code) || styles[0];
  };

  map.colouredKind = () => {
    const zoom = map.leaflet.getZoom();
    if (zoom >= map.drawnFrom("building")) return "building";
    return zoom >= DRAWN_FROM.compound ? "compound" : "community";
  };

  map.counts = () => {
    const known = map.classes[map.colouredKind()];
    const counts = new Int32Array(256);
    if (known && known.values) for (const code of known.values) counts[code] += 1;
    if (map.colouredKind() === "building" && known && known.values) {
      for (const [id, code] of Object.entries(map.state.marked || {})) {
        const under = known.values[id - known.first];
        if (counts[under]) counts[under] -= 1;
        counts[code] += 1;
      }
    }
    return counts;
  };

  /* What the colours follow from: a rerun that changes none of it paints nothing. */
  const colouring = () => {
    const { classes, marked, selected, statuses, sites, styles } = map.state;
    return JSON.stringify([classes, marked, selected, statuses, sites, styles]);
  };

  async function repaint() {
    if (!map.layer) return;
    map.coloured = colouring();
    await YizhanRepaint.repaint(map.layer);
  }

  map.repaint = repaint;

  function layOutAgain() {
    YizhanRepaint.layOut(map.layer);
    map.layer.rerenderTiles();
  }

  map.toggle = (layer, on) => {
    if (on) map.off.delete(layer);
    else map.off.add(layer);
    layOutAgain();
    writeView();
  };

  /* Class arrays: one byte an id, fetched whole once and afterwards as the few bytes that changed; first those that
     colour what is looked at, so that nothing waits for the others. */
  async function loadClasses(kind, url) {
    const known = map.classes[kind];
    if (known && known.url === url) return known.loading;
    const current = { url, first: 0, values: known ? known.values : null };
    if (known) current.first = known.first;
    map.classes[kind] = current;
    current.loading = fetchClasses(current, known, url);
    return current.loading;
  }

  async function fetchClasses(current, known, url) {
    const since = known && known.etag ? `&since=${encodeURIComponent(known.etag)}` : "";
    const answer = await fetch(url + since);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    if (answer.headers.get("content-type").startsWith("application/json")) {
      const patch = await answer.json();
      patch.ids.forEach((id, at) => (current.values[id - current.first] = patch.classes[at]));
    } else {
      current.values = new Uint8Array(await answer.arrayBuffer());
      current.first = Number(answer.headers.get("x-first-id"));
    }
    current.etag = answer.headers.get("x-state");
  }

  async function refreshClasses(kinds) {
    const loads = kinds.map((kind) => loadClasses(kind, map.state.classes[kind]));
    const results = await Promise.allSettled(loads);
    for (const result of results) if (result.status === "rejected") console.error(result.reason);
  }

  function build() {
    const { versions, few_buildings: few } = map.state;
    const source = (layers, version) => ({ url: `/tiles/${layers}/{z}/{x}/{y}.mvt?v=${version}`, maxDataZoom: 16 });
    return protomapsL.leafletLayer({
      sources: { base: source(BASE_LAYERS, versions.base), places: source(PLACE_LAYERS, versions.places) },
      paintRules: YizhanStyle.paintRules(map),
      labelRules: YizhanStyle.labelRules(map),
      backgroundColor: map.baseMap ? undefined : YizhanStyle.PAPER,
      attribution: "",
      tasks: [map.ready],
      noWrap: true,
      maxZoom: 20,
      few: few,
    });
  }

  function replaceLayer() {
    const old = map.layer;
    const fading = map.leaflet._fadeAnimated;
    map.layer = build();
    YizhanRepaint.layOut(map.layer);
    if (!old) takeTiles();
    map.leaflet._fadeAnimated = fading && Boolean(old);
    map.layer.once("load", () => {
      map.leaflet._fadeAnimated = fading;
      if (old) old.remove();
      document.body.dataset.painted = String(Date.now());
      if (!old) showMyself();
    });
    map.layer.addTo(map.leaflet);
  }

  /* A map that was painted before this page hands over its classes and tiles, at last its place and what was clicked. */
  function earlier() {
    try {
      return window.parent === window ? undefined : window.parent.YizhanFirst;
    } catch {
      return undefined;
    }
  }

  function takeTiles() {
    const { map: before } = earlier() || {};
    if (!before || !before.layer || before.drawn !== map.drawn) return;
    for (const [name, view] of map.layer.views) view.tileCache.cache = before.layer.views.get(name).tileCache.cache;
  }

  function showMyself() {
    const first = earlier();
    map.deliver((first && first.clicked) || "ready");
    if (!first) return;
    map.leaflet.setView(first.map.leaflet.getCenter(), first.map.leaflet.getZoom(), { animate: false });
    requestAnimationFrame(() => requestAnimationFrame(first.leave));
  }

  map.useBaseMap = (base) => {
    for (const layer of map.baseLayers) layer.remove();
    map.baseMap = base;
    map.baseLayers = (base ? base.urls : []).map((url) => {
      const options = { maxNativeZoom: base.deepest, maxZoom: 20, zIndex: 0, attribution: base.attribution };
      return (base.gcj02 ? YizhanGcj02.layer(url, options) : L.tileLayer(url, options)).addTo(map.leaflet);
    });
    map.layer.backgroundColor = base ? undefined : YizhanStyle.PAPER;
    layOutAgain();
  };

  /* What happens goes to the page at once: streamlit-folium itself would wait a quarter of a second. */
  map.deliver = (text) => {
    const data = { last_object_clicked_count: Date.now(), last_object_clicked_tooltip: text };
    const known = window.__GLOBAL_DATA__;
    if (known) Object.assign(known, data, { previous_data: data });
    if (window.Streamlit) window.Streamlit.setComponentValue(data);
  };

  function clicked(event) {
    if (map.drawing) return;
    const found = YizhanCells.pick(event.latlng) || YizhanPick.pick(map, event.latlng);
    if (!found) return;
    map.state.selected = { kind: found.kind, id: found.id };
    YizhanCells.update(map);
    repaint();
    map.deliver(`${found.kind}:${found.id}`);
  }

  async function nameOf(found) {
    const key = `${found.kind}/${found.id}`;
    const address = `/names/${key}?lang=${map.state.language}&v=${map.state.names_version}`;
    if (!map.names.has(address)) map.names.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : null)));
    return map.names.get(address);
  }

  function tooltip(lines) {
    const box = YizhanPanel.element("div", "yz-tip");
    lines.forEach((text, at) => box.append(YizhanPanel.element("div", at ? "" : "yz-tip-name", text)));
    return box;
  }

  let hovering = null;
  let waiting = 0;

  function hovered(event) {
    if (map.drawing) return;
    const found = YizhanCells.pick(event.latlng) || YizhanPick.pick(map, event.latlng);
    const key = found ? `${found.kind}/${found.id}` : null;
    map.leaflet.getContainer().style.cursor = found ? "pointer" : "";
    if (key === hovering) {
      if (found) map.tip.setLatLng(event.latlng);
      return;
    }
    hovering = key;
    map.tip.remove();
    clearTimeout(waiting);
    if (!found) return;
    waiting = setTimeout(async () => {
      const name = found.words ? { lines: found.words.split("\n") } : await nameOf(found).catch(() => null);
      if (name && hovering === key) map.tip.setLatLng(event.latlng).setContent(tooltip(name.lines)).addTo(map.leaflet);
    }, HOVER_MS);
  }

  function leave() {
    hovering = null;
    clearTimeout(waiting);
    map.tip.remove();
  }

  /* Where the map looks lives in the address of the page, so that a view can be shared. */
  function readView() {
    try {
      const [zoom, lat, lon, off] = window.parent.location.hash.replace("#map=", "").split("/");
      if (off) map.off = new Set(off.split(","));
      const view = [Number(zoom), Number(lat), Number(lon)];
      return lon !== undefined && view.every(Number.isFinite) ? view : null;
    } catch {
      return null;
    }
  }

  function writeView() {
    if (!map.state) return;
    const { lat, lng } = map.leaflet.getCenter();
    const off = map.off.size ? `/${[...map.off].join(",")}` : "";
    const hash = `#map=${map.leaflet.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}${off}`;
    try {
      const { history, location } = window.parent;
      if (location.hash !== hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
    } catch {
      /* the page around refuses: then the view is just not in the address */
    }
  }

  function look(config) {
    const { shared } = map;
    if (shared) map.leaflet.setView([shared[1], shared[2]], shared[0], { animate: false });
    else map.leaflet.fitBounds([[config.south, config.west], [config.north, config.east]], { animate: false });
  }

  function focus(wanted) {
    if (!wanted || wanted.nonce === map.lastFocus) return;
    map.lastFocus = wanted.nonce;
    if (wanted.nonce === 0 && map.shared) return;
    const [west, south, east, north] = wanted.bounds;
    map.leaflet.fitBounds([[south, west], [north, east]], { maxZoom: wanted.deepest, animate: false, padding: [30, 30] });
  }

  /* Leaflet gives the map the focus on every press, for which the browser scrolls the page around: not here. */
  function focusQuietly(leaflet) {
    const keys = leaflet.keyboard;
    const box = leaflet.getContainer();
    L.DomEvent.off(box, "mousedown", keys._onMouseDown, keys);
    L.DomEvent.on(box, "mousedown", () => box.focus({ preventScroll: true }));
  }

  /* The page around is told when the map is painted, not before: until then the browser has better things to do. */
  function waitWithNews() {
    if (window.__GLOBAL_DATA__) window.__GLOBAL_DATA__.last_object_clicked_count = null;
  }

  function start(leaflet, config) {
    waitWithNews();
    map.leaflet = leaflet;
    map.config = config;
    map.shared = readView();
    Object.assign(map.classes, (earlier() || { map: {} }).map.classes);
    leaflet.attributionControl.setPrefix(false);
    leaflet.setMaxZoom(20).setMinZoom(4);
    L.control.scale({ imperial: false }).addTo(leaflet);
    look(config);
    map.tip = L.tooltip({ direction: "top", offset: [0, -6], className: "yz-tooltip" });
    map.panel = YizhanPanel.create().addTo(leaflet);
    focusQuietly(leaflet);
    YizhanTry.start();
    leaflet.on("click", clicked).on("mousemove", hovered).on("mouseout", leave);
    leaflet.on("moveend", writeView).on("zoomend", () => map.state && map.panel.show(map));
    leaflet.on("movestart", leave);
  }

  function fitPhone() {
    if (!window.Streamlit || window.innerWidth > PHONE_PX) return;
    leafletHeight(PHONE_HEIGHT_PX);
    setTimeout(() => window.Streamlit.setFrameHeight(PHONE_HEIGHT_PX), 0);
  }

  function leafletHeight(height) {
    const box = map.leaflet.getContainer();
    if (box.style.height === `${height}px`) return;
    box.style.height = `${height}px`;
    map.leaflet.invalidateSize({ pan: false });
    if (!map.drawn) look(map.config);
  }

  /* Outlines over the buildings, such as how far a walk reaches, the innermost first; clicks go through them. */
  function outline(shapes) {
    const drawn = JSON.stringify(shapes);
    if (drawn === map.outlined) return;
    map.outlined = drawn;
    if (map.outlines) map.outlines.remove();
    map.outlines = L.layerGroup(shapes.map((shape, at) => {
      const style = { color: "#1f2328", weight: 2, dashArray: at ? `${8 - 2 * at} 4` : null, fillOpacity: 0.05 };
      return L.geoJSON(shape, { interactive: false, style });
    })).addTo(map.leaflet);
  }

  async function update(state) {
    const before = map.state;
    map.state = state;
    YizhanTry.update(map);
    document.documentElement.lang = state.language;
    fitPhone();
    focus(state.focus);
    outline(state.outlines);
    YizhanCells.update(map);
    const coloured = map.colouredKind();
    map.ready = refreshClasses([coloured]);
    const drawn = JSON.stringify([state.versions, state.few_buildings]);
    if (drawn !== map.drawn) {
      map.drawn = drawn;
      map.coloured = colouring();
      replaceLayer();
      await map.ready;
    } else {
      await map.ready;
      if (colouring() !== map.coloured) await repaint();
    }
    if (!before || before.language !== state.language) map.names.clear();
    map.panel.show(map);
    writeView();
    await refreshClasses(Object.keys(state.classes).filter((kind) => kind !== coloured));
    if (map.colouredKind() !== coloured) {
      repaint();
      map.panel.show(map);
    }
    document.body.dataset.updated = String(Date.now());
  }

  window.Yizhan = { start, update, map };
})();
