/* The stations of a plan on the map, each to be moved: dragged, by arrow keys, or by a click on its new place. Every move
   asks the route of moved stations at once, one question at a time and always the latest; the page follows after. */
(function () {
  "use strict";

  const STEP_PX = 8;
  const FAR_STEP_PX = 40;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const SETTLE_MS = 350;
  const AREA = { color: "#b3261e", weight: 1.5, opacity: 0.8, fillColor: "#b3261e", fillOpacity: 0.07, interactive: false };
  const SPOT = { radius: 9, color: "#1f2328", weight: 2, dashArray: "3 3", fill: false, interactive: false };
  const tool = {
    config: null, group: null, markers: new Map(), areas: new Map(), box: null, chosen: null, moved: null, turn: null,
    next: null, asking: false, placing: false, dragging: false, waiting: null, settling: 0, answers: 0,
  };

  const place = (latlng) => ({ lon: Math.round(latlng.lng * 1e6) / 1e6, lat: Math.round(latlng.lat * 1e6) / 1e6 });
  const stationOf = (id) => tool.config.stations.find((one) => one.id === id);
  const deliver = (told) => Yizhan.map.deliver(`siting:${JSON.stringify(told)}`);
  const written = (value) => new Intl.NumberFormat(Yizhan.map.state.texts.numbers).format(Math.round(value));

  async function ask(site, latlng, { drawn = false, tell = false } = {}) {
    tool.moved = { site, ...place(latlng) };
    tool.next = { ...tool.moved, drawn, tell, began: performance.now() };
    if (tool.asking) return;
    tool.asking = true;
    try {
      while (tool.next) {
        const now = tool.next;
        tool.next = null;
        await answered(now);
      }
    } finally {
      tool.asking = false;
    }
  }

  async function answered(now) {
    const found = await asked(now, "");
    if (!stands(now)) return;
    show(now.site, found);
    if (now.tell) deliver(tool.moved);
    if (!found) return;
    tool.answers += 1;
    document.body.dataset.moved = String(tool.answers);
    document.body.dataset.movedMs = String(Math.round(performance.now() - now.began));
    const drawn = now.drawn && !tool.next && (await asked(now, "&drawn=1"));
    if (drawn && !tool.next && stands(now)) paint(now.site, drawn);
  }

  async function asked({ site, lon, lat }, more) {
    const address = `/siting/?study=${tool.config.study}&site=${site}&lon=${lon}&lat=${lat}${more}`;
    const answer = await fetch(address).catch(() => null);
    return answer && answer.ok ? answer.json() : null;
  }

  const stands = (now) => tool.moved && tool.moved.site === now.site && stationOf(now.site);

  function paint(site, found) {
    area(site, found.outline);
    Yizhan.map.state.marked = Object.fromEntries(found.newly.map((id) => [id, tool.config.code]));
    Yizhan.map.layer.rerenderTiles();
    Yizhan.map.panel.show(Yizhan.map);
  }

  function area(site, shape) {
    if (tool.areas.has(site)) tool.areas.get(site).remove();
    tool.areas.delete(site);
    if (shape) tool.areas.set(site, L.geoJSON(shape, { style: AREA, interactive: false }).addTo(tool.group));
  }

  function cells(row, values) {
    for (const value of values) row.append(YizhanPanel.element("td", "", value));
    return row;
  }

  function line(label, values, unit) {
    const row = YizhanPanel.element("tr");
    row.append(YizhanPanel.element("th", "", label));
    return cells(row, values.map((value) => (value === null ? tool.config.texts.unknown : `${written(value)}${unit}`)));
  }

  function numbers(found) {
    const { texts } = tool.config;
    const moments = [found.today, found.plan, found.then];
    const table = YizhanPanel.element("table", "yz-moved");
    const head = YizhanPanel.element("tr");
    head.append(YizhanPanel.element("th"));
    cells(head, [texts.today, texts.plan, texts.then]);
    table.append(head);
    table.append(line(texts.within, moments.map((one) => one.within), ""));
    table.append(line(texts.mean, moments.map((one) => one.mean_m), " m"));
    table.append(line(texts.farthest, moments.map((one) => one.farthest_m), " m"));
    for (const [name, [plan, then]] of Object.entries(found.weights)) {
      const row = YizhanPanel.element("tr");
      row.append(YizhanPanel.element("th", "", texts.weights[name]));
      table.append(cells(row, ["", ...[plan, then].map((one) => (one === null ? texts.few : written(one)))]));
    }
    return table;
  }

  function verdict(gained) {
    const { texts } = tool.config;
    const text = gained > 0 ? texts.more : gained < 0 ? texts.fewer : texts.same;
    return text.replace("{count}", written(Math.abs(gained)));
  }

  function button(text, act) {
    const made = YizhanPanel.element("button", "yz-draw-button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  /* found: what the route answered; null where no road leads, undefined before anything was moved. */
  function show(site, found) {
    const { texts } = tool.config;
    const box = YizhanPanel.element("div");
    box.append(YizhanPanel.element("div", "yz-tip-name", stationOf(site).name));
    const said = YizhanPanel.element("div", "yz-note");
    said.setAttribute("role", "status");
    said.textContent = tool.placing ? texts.placing : found === undefined ? texts.how : found ? verdict(found.gained) : texts.refused;
    box.append(said);
    if (found) box.append(numbers(found));
    const acts = YizhanPanel.element("div", "yz-draw");
    acts.append(button(texts.place, () => startPlacing(site)));
    if (tool.moved) acts.append(button(texts.back, putBack));
    box.append(acts);
    tool.box.replaceChildren(box);
    tool.box.hidden = false;
  }

  function putBack() {
    clear();
    deliver({ back: true });
  }

  function clear() {
    tool.next = null;
    tool.moved = null;
    tool.placing = false;
    paintPlan();
    tool.box.hidden = true;
  }

  function startPlacing(site) {
    tool.chosen = site;
    tool.placing = true;
    Yizhan.map.leaflet.getContainer().style.cursor = "crosshair";
    show(site, undefined);
  }

  function stopPlacing() {
    tool.placing = false;
    Yizhan.map.leaflet.getContainer().style.cursor = "";
  }

  function settle(site, latlng) {
    ask(site, latlng, { drawn: true, tell: true });
  }

  /* One station moves at a time: the one moved before goes back to its place in the plan. */
  function begin(site) {
    stopPlacing();
    if (!tool.moved || tool.moved.site === site) return;
    const before = stationOf(tool.moved.site);
    tool.markers.get(before.id).setLatLng([before.lat, before.lon]);
    area(before.id, before.area);
  }

  function pressed(event, site, marker) {
    const [x, y] = ARROWS[event.key] || [0, 0];
    if (event.key === "Escape" && tool.moved) putBack();
    if (!x && !y) return;
    event.preventDefault();
    event.stopPropagation();
    begin(site);
    const { leaflet } = Yizhan.map;
    const step = event.shiftKey ? FAR_STEP_PX : STEP_PX;
    marker.setLatLng(leaflet.containerPointToLatLng(leaflet.latLngToContainerPoint(marker.getLatLng()).add([x * step, y * step])));
    ask(site, marker.getLatLng());
    clearTimeout(tool.settling);
    tool.settling = setTimeout(() => settle(site, marker.getLatLng()), SETTLE_MS);
  }

  function markerOf(station, at) {
    const icon = L.divIcon({ className: "yz-site", iconSize: [28, 28], html: YizhanPanel.element("span", "", String(at + 1)) });
    const label = `${at + 1}. ${station.name}`;
    const marker = L.marker([station.lat, station.lon], { icon, draggable: true, autoPan: true, keyboard: true, title: label, alt: label });
    marker.on("dragstart", () => {
      begin(station.id);
      Yizhan.map.tip.remove();
      Yizhan.map.drawing = true;
      tool.dragging = true;
    });
    marker.on("drag", () => ask(station.id, marker.getLatLng()));
    marker.on("dragend", () => {
      Yizhan.map.drawing = false;
      tool.dragging = false;
      settle(station.id, marker.getLatLng());
      if (tool.waiting) update(tool.waiting);
    });
    marker.on("click", () => {
      if (!tool.moved || tool.moved.site !== station.id) show(station.id, undefined);
      Yizhan.map.deliver(`candidate_site:${station.id}`);
    });
    marker.on("add", () => marker.getElement().addEventListener("keydown", (event) => pressed(event, station.id, marker)));
    return marker;
  }

  function paintPlan() {
    tool.group.clearLayers();
    tool.areas.clear();
    tool.markers.clear();
    tool.config.stations.forEach((station, at) => {
      area(station.id, station.area);
      tool.markers.set(station.id, markerOf(station, at).addTo(tool.group));
    });
    if (tool.config.spot) L.circleMarker([tool.config.spot[1], tool.config.spot[0]], SPOT).addTo(tool.group);
  }

  /* A click where a picked-up station should go is nobody else's; it comes before Leaflet hears of it. */
  function placed(event) {
    const { leaflet } = Yizhan.map;
    if (!tool.placing || event.target.closest(".leaflet-control") || leaflet.dragging.moved()) return;
    event.stopPropagation();
    const site = tool.chosen;
    begin(site);
    const latlng = leaflet.mouseEventToLatLng(event);
    tool.markers.get(site).setLatLng(latlng);
    settle(site, latlng);
  }

  function pointed(event) {
    const { map } = Yizhan;
    if (!tool.config || !tool.config.study || map.drawing || YizhanPick.pick(map, event.latlng)) return;
    deliver({ spot: [place(event.latlng).lon, place(event.latlng).lat] });
  }

  function start() {
    const { leaflet } = Yizhan.map;
    tool.group = L.layerGroup().addTo(leaflet);
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => YizhanPanel.element("div", "yz-panel yz-siting");
    control.addTo(leaflet);
    tool.box = control.getContainer();
    tool.box.hidden = true;
    L.DomEvent.disableClickPropagation(tool.box);
    leaflet.getContainer().addEventListener("click", placed, true);
    leaflet.on("click", pointed);
  }

  /* Takes a place the page knows of: after a reload, and after a change made on the page. */
  function follow(moved) {
    tool.moved = moved;
    if (!moved || !tool.markers.has(moved.site)) return;
    tool.markers.get(moved.site).setLatLng([moved.lat, moved.lon]);
    ask(moved.site, L.latLng(moved.lat, moved.lon), { drawn: true });
  }

  /* While a station is under the finger nothing is painted anew: it would be taken away from there. */
  function update(config) {
    tool.waiting = tool.dragging ? config : null;
    if (tool.dragging) return;
    if (!tool.group) start();
    const told = JSON.stringify([config.study, config.stations, config.spot, config.texts]);
    const turned = config.turn !== tool.turn;
    tool.config = config;
    if (told === tool.told && !turned) return;
    const before = turned ? config.moved : tool.moved;
    tool.told = told;
    tool.turn = config.turn;
    stopPlacing();
    if (turned) tool.box.hidden = true;
    paintPlan();
    follow(before);
  }

  window.YizhanSiting = { update };
})();
