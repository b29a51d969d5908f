/* The legend with its counts and the layer switches; every text is set as text, never as HTML. */
(function () {
  "use strict";

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function swatch(style) {
    const box = element("span", "yz-swatch");
    if (style.hatched) box.classList.add("yz-hatched");
    else box.style.background = style.fill;
    box.style.borderColor = style.stroke || "#8c8577";
    if (style.hollow) box.style.borderWidth = "2px";
    return box;
  }

  function switchRow(map, layer) {
    const label = element("label", "yz-row");
    const box = element("input");
    box.type = "checkbox";
    box.checked = map.isOn(layer.name);
    box.addEventListener("change", () => map.toggle(layer.name, box.checked));
    label.append(box, element("span", "", layer.label));
    return label;
  }

  function classRow(style, count) {
    const row = element("div", "yz-row");
    row.append(swatch(style), element("span", "yz-label", style.label));
    if (count !== undefined) row.append(element("span", "yz-count", count));
    return row;
  }

  function baseRow(map, base) {
    const label = element("label", "yz-row");
    const button = element("input");
    button.type = "radio";
    button.name = "yz-base";
    button.checked = (map.baseMap ? map.baseMap.name : null) === (base ? base.name : null);
    button.addEventListener("change", () => map.useBaseMap(base));
    label.append(button, element("span", "", base ? base.name : map.state.texts.own_base));
    return label;
  }

  function fill(map, body) {
    const { state } = map;
    const { cells } = state;
    const counts = cells ? YizhanCells.counts(map) : map.counts();
    const written = new Intl.NumberFormat(state.texts.numbers);
    const kind = map.colouredKind();
    body.replaceChildren();
    body.append(element("div", "yz-title", cells ? cells.title : state.texts[`title_${kind}`]));
    const styles = cells ? cells.styles : kind === "building" ? state.styles.building : state.styles.share;
    for (const style of styles) body.append(classRow(style, written.format(counts[style.code] || 0)));
    if (!cells && counts[YizhanStyle.HIDDEN]) body.append(element("div", "yz-note", state.texts.filtered));
    const layers = element("details", "yz-layers");
    layers.open = map.layersOpen;
    layers.addEventListener("toggle", () => (map.layersOpen = layers.open));
    layers.append(element("summary", "yz-title", state.texts.layers));
    for (const layer of state.layers) layers.append(switchRow(map, layer));
    if (state.base_maps.length) {
      layers.append(element("div", "yz-title", state.texts.base_map));
      for (const base of [null, ...state.base_maps]) layers.append(baseRow(map, base));
    }
    body.append(layers);
  }

  const Panel = L.Control.extend({
    options: { position: "topright" },
    onAdd: function () {
      this.box = element("details", "yz-panel");
      this.box.open = window.innerWidth > 560;
      this.head = element("summary", "yz-head");
      this.body = element("div", "yz-body");
      this.box.append(this.head, this.body);
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      return this.box;
    },
    show: function (map) {
      this.head.textContent = map.state.texts.legend;
      fill(map, this.body);
    },
  });

  window.YizhanPanel = { create: () => new Panel(), element };
})();
