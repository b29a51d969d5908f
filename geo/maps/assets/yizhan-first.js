/* The map before its page: painted while the page's own scripts still load, in the place where the page will put its
   map. That one takes over view, tiles, classes and a click, then lets this one go. */
(function () {
  "use strict";

  const KEY = "yizhan-first-place";
  const FRAME = 'iframe[title="streamlit_folium.st_folium"]';
  const APP = '[data-testid="stApp"]';
  const PATIENCE_MS = 120000;
  const OVER_MS = 3000;
  const SETTLED_MS = 3000;
  const SIDEBAR_FROM_PX = 768;
  const PHONE_PX = 640;

  const told = document.getElementById("yizhan-first-look");
  const first = { map: Yizhan.map, clicked: null };
  let box = null;
  let ran = false;
  let over = 0;

  /* Where the page will put its map: as last time, else as its style says. */
  function expected() {
    const width = window.innerWidth;
    try {
      const known = JSON.parse(localStorage.getItem(KEY));
      if (known && known.window === width) return known;
    } catch {
      /* nothing is remembered where the browser forbids it */
    }
    if (width <= PHONE_PX) return { left: 12.8, top: 310, width: width - 25.6, height: 440 };
    const sidebar = width >= SIDEBAR_FROM_PX ? 300 : 0;
    const column = ((width - sidebar - 64) * 2) / 3 - 8;
    return { left: sidebar + 32, top: 294, width: column, height: column > PHONE_PX ? 620 : 440 };
  }

  function put({ left, top, width, height }) {
    const resized = box.offsetWidth !== Math.round(width) || box.offsetHeight !== Math.round(height);
    Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    if (resized && first.map.leaflet) first.map.leaflet.invalidateSize({ pan: false });
  }

  function follow() {
    if (!box) return;
    const frame = document.querySelector(FRAME);
    const place = frame && frame.getBoundingClientRect();
    if (place && place.width && place.height) put(place);
    const app = document.querySelector(APP);
    const run = app && app.dataset.testScriptState;
    ran = ran || run === "running";
    over = !frame && ran && run === "notRunning" ? over || performance.now() : 0;
    if (performance.now() > PATIENCE_MS || (over && performance.now() - over > OVER_MS)) first.leave();
    else requestAnimationFrame(follow);
  }

  function remember() {
    const frame = document.querySelector(FRAME);
    if (!frame) return;
    const { left, top, width, height } = frame.getBoundingClientRect();
    try {
      localStorage.setItem(KEY, JSON.stringify({ window: window.innerWidth, left, top, width, height }));
    } catch {
      /* then the next visit expects it where the style says */
    }
  }

  first.leave = () => {
    if (!box) return;
    setTimeout(remember, SETTLED_MS);
    first.map.leaflet.remove();
    box.remove();
    box = null;
    document.querySelectorAll("[data-yizhan-first]").forEach((tag) => tag.remove());
    delete window.YizhanFirst;
  };

  function begin() {
    const { bounds, state } = JSON.parse(told.textContent);
    const [west, south, east, north] = bounds;
    box = document.createElement("div");
    box.className = "yz-first";
    document.body.append(box);
    put(expected());
    first.map.deliver = (text) => text !== "ready" && (first.clicked = text);
    const leaflet = L.map(box, { zoom: 13, center: [(south + north) / 2, (west + east) / 2], preferCanvas: true });
    Yizhan.start(leaflet, { west, south, east, north });
    Yizhan.update(state);
    window.YizhanFirst = first;
    follow();
  }

  begin();
})();
