/* Drawing on the map: a point or an outline, corner by corner, with the mouse, a finger or the keyboard. What is drawn
   goes to the page as GeoJSON with every change; YizhanDraw.update is called on every rerun. */
(function () {
  "use strict";

  const MOST_CORNERS = 200;
  const LINE = { color: "#1f2328", weight: 3, fillColor: "#b3261e", fillOpacity: 0.15, interactive: false };
  const tool = { config: null, corners: [], closed: false, group: null, bar: null, map: null };

  const deliver = (geometry) => tool.map.deliver(`draw:${JSON.stringify(geometry)}`);
  const round = (value) => Math.round(value * 1e7) / 1e7;
  const pair = (corner) => [round(corner.lng), round(corner.lat)];

  function geometry() {
    if (tool.config.mode === "point") return { type: "Point", coordinates: pair(tool.corners[0]) };
    const ring = tool.corners.map(pair);
    return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
  }

  function send() {
    if (tool.closed) deliver(geometry());
  }

  function handle(corner, at) {
    const icon = L.divIcon({ className: "yz-corner", iconSize: [14, 14] });
    const marker = L.marker(corner, { icon, draggable: true, autoPan: true, keyboard: true });
    marker.on("drag", () => {
      tool.corners[at] = marker.getLatLng();
      outline();
    });
    marker.on("dragend", send);
    marker.on("click", () => {
      if (!tool.closed && at === 0) finish();
    });
    return marker;
  }

  function outline() {
    if (tool.line) tool.line.remove();
    tool.line = null;
    if (tool.config.mode === "point" || !tool.corners.length) return;
    tool.line = (tool.closed ? L.polygon : L.polyline)(tool.corners, LINE).addTo(tool.group);
  }

  function paint() {
    tool.group.clearLayers();
    outline();
    tool.corners.forEach((corner, at) => tool.group.addLayer(handle(corner, at)));
    buttons();
  }

  function finish() {
    if (tool.corners.length < 3) return;
    tool.closed = true;
    paint();
    send();
  }

  function add(event) {
    if (!tool.map.drawing) return;
    if (tool.config.mode === "point") {
      tool.corners = [event.latlng];
      tool.closed = true;
      paint();
      send();
    } else if (!tool.closed) {
      tool.corners.push(event.latlng);
      paint();
    }
  }

  function back() {
    if (tool.closed && tool.config.mode === "outline") tool.closed = false;
    else tool.corners.pop();
    if (tool.config.mode === "point") tool.closed = false;
    paint();
  }

  function again() {
    tool.corners = [];
    tool.closed = false;
    paint();
  }

  function button(text, act, enabled) {
    const made = YizhanPanel.element("button", "yz-draw-button", text);
    made.type = "button";
    made.disabled = !enabled;
    L.DomEvent.disableClickPropagation(made);
    made.addEventListener("click", act);
    return made;
  }

  function buttons() {
    const texts = tool.config.texts;
    const box = tool.bar.getContainer();
    box.replaceChildren(YizhanPanel.element("div", "yz-draw-hint", tool.closed ? texts.adjust : texts.hint));
    if (tool.config.mode === "outline") {
      box.append(button(texts.finish, finish, !tool.closed && tool.corners.length > 2));
      box.append(button(texts.back, back, tool.corners.length > 0));
    }
    box.append(button(texts.again, again, tool.corners.length > 0));
  }

  /* A shape that is there already can be reshaped when it is one ring of not too many corners; else it is drawn anew. */
  function cornersOf(shape) {
    if (!shape) return [];
    if (shape.type === "Point") return [L.latLng(shape.coordinates[1], shape.coordinates[0])];
    const parts = shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
    if (parts.length > 1 || parts[0].length > 1 || parts[0][0].length > MOST_CORNERS) return [];
    return parts[0][0].slice(0, -1).map(([lng, lat]) => L.latLng(lat, lng));
  }

  function begin() {
    const leaflet = tool.map.leaflet;
    if (!tool.group) {
      tool.group = L.layerGroup().addTo(leaflet);
      tool.bar = L.control({ position: "topleft" });
      tool.bar.onAdd = () => YizhanPanel.element("div", "yz-panel yz-draw");
      leaflet.on("click", add);
      document.addEventListener("keydown", pressed);
    }
    tool.bar.addTo(leaflet);
    L.DomEvent.disableClickPropagation(tool.bar.getContainer());
    leaflet.doubleClickZoom.disable();
    leaflet.getContainer().style.cursor = "crosshair";
    tool.map.drawing = true;
    tool.corners = cornersOf(tool.config.shape);
    tool.closed = tool.corners.length > 0;
    paint();
  }

  function stop() {
    if (!tool.group) return;
    tool.group.clearLayers();
    tool.bar.remove();
    tool.map.leaflet.doubleClickZoom.enable();
    tool.map.leaflet.getContainer().style.cursor = "";
    tool.map.drawing = false;
  }

  function pressed(event) {
    if (!tool.map.drawing) return;
    if (event.key === "Enter") finish();
    if (event.key === "Backspace" || event.key === "Escape") back();
  }

  function update(config) {
    tool.map = Yizhan.map;
    if (tool.config && config && tool.config.nonce === config.nonce) return;
    tool.config = config;
    if (config) begin();
    else stop();
  }

  window.YizhanDraw = { update };
})();
