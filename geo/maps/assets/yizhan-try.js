/* What is tried on the page shows on the map at once: a press on one of the page's buttons asks the route of what-if
   itself and repaints, long before the page has run again and says the same. Only classes and numbers are fetched. */
(function () {
  "use strict";

  const TRY = "st-key-try_";
  const BACK = "st-key-wish_";
  const DROP = "st-key-what_if_drop";
  const PATIENCE_MS = 10000;
  const HOLD_BACK_MS = 400;
  const tool = { map: null, wishes: [], found: null, pressed: 0, turn: 0, box: null, passing: false };

  const wishIn = (box, prefix) => {
    const name = [...box.classList].find((one) => one.startsWith(prefix));
    return name && name.slice(prefix.length).replaceAll("-", ":");
  };

  const boxOf = (target) => target.closest("button") && target.closest(`[class*="${TRY}"], [class*="${BACK}"], .${DROP}`);

  /* The wishes a press on one of the page's buttons leads to. */
  function wishesAfter(box) {
    if (box.classList.contains(DROP)) return [];
    const more = wishIn(box, TRY);
    return more ? [...new Set([...tool.wishes, more])] : tool.wishes.filter((one) => one !== wishIn(box, BACK));
  }

  /* The page hears of a press when the map shows what it leads to: its run would take the time of server and browser. */
  async function pressed(event) {
    const box = !tool.passing && tool.map && tool.map.state && tool.map.state.tried && boxOf(event.target);
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await Promise.race([tryOut(wishesAfter(box)).catch(console.error), new Promise((done) => setTimeout(done, HOLD_BACK_MS))]);
    const name = [...box.classList].find((one) => one.startsWith("st-key-"));
    const button = (box.isConnected ? box : window.parent.document.querySelector(`.${CSS.escape(name)}`))?.querySelector("button");
    tool.passing = true;
    if (button) button.click();
    tool.passing = false;
  }

  async function tryOut(wishes) {
    const turn = ++tool.turn;
    tool.wishes = wishes;
    tool.pressed = Date.now();
    const found = wishes.length ? await answer(wishes) : { marked: null, figures: null };
    if (!found || turn !== tool.turn || !tool.map.state.tried) return;
    tool.found = found;
    tool.map.state.marked = found.marked;
    show(found.figures);
    await tool.map.repaint();
    tool.map.panel.show(tool.map);
  }

  async function answer(wishes) {
    const told = await fetch(`/what-if/?wishes=${wishes.join(",")}`);
    if (!told.ok) return null;
    const { ids, classes, figures } = await told.json();
    return { marked: Object.fromEntries(ids.map((id, at) => [id, classes[at]])), figures };
  }

  function row(label, today, then, written) {
    const made = YizhanPanel.element("div", "yz-row");
    const change = new Intl.NumberFormat(tool.map.state.texts.numbers, { signDisplay: "exceptZero" }).format(then - today);
    made.append(YizhanPanel.element("span", "yz-label", label));
    made.append(YizhanPanel.element("span", "yz-count", `${written.format(today)} → ${written.format(then)} (${change})`));
    return made;
  }

  function show(figures) {
    if (tool.box) tool.box.remove();
    tool.box = null;
    if (!figures) return;
    const { rows, title } = tool.map.state.tried;
    const written = new Intl.NumberFormat(tool.map.state.texts.numbers);
    tool.box = L.control({ position: "bottomright" });
    tool.box.onAdd = () => {
      const box = YizhanPanel.element("div", "yz-panel yz-tried");
      box.append(YizhanPanel.element("div", "yz-title", title));
      for (const [name, label] of rows) box.append(row(label, figures.today[name], figures.then[name], written));
      return box;
    };
    tool.box.addTo(tool.map.leaflet);
  }

  /* A rerun says what the page knows; what was pressed since then stands until the page has heard of it. */
  function update(map) {
    tool.map = map;
    const { tried } = map.state;
    const heard = !tried || tried.wishes.join() === tool.wishes.join() || Date.now() - tool.pressed > PATIENCE_MS;
    if (heard) {
      tool.turn += 1;
      tool.wishes = tried ? tried.wishes : [];
      tool.found = tried ? { marked: map.state.marked, figures: tried.figures } : null;
    } else {
      map.state.marked = tool.found && tool.found.marked;
    }
    show(tool.found && tool.found.figures);
  }

  function start() {
    if (window.parent === window) return;
    try {
      const page = window.parent.document;
      page.addEventListener("click", pressed, true);
      window.addEventListener("pagehide", () => page.removeEventListener("click", pressed, true));
    } catch {
      /* the page around refuses: then the map follows when the page has run */
    }
  }

  window.YizhanTry = { start, update };
})();
