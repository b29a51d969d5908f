"use strict";
(() => {
  const given = JSON.parse(document.body.dataset.given);
  const { addresses, texts } = given;
  const results = Object.fromEntries(given.results);
  const [statusBox, queueBox, view] = ["status", "queue", "view"].map((id) => document.getElementById(id));
  const DAY_MS = 86_400_000, HOUR_MS = 3_600_000;
  const AGO = [["now", 0, 0], ["hours_ago", 1, HOUR_MS], ["hours_ago", 3, 3 * HOUR_MS], ["hours_ago", 6, 6 * HOUR_MS], ["yesterday", 1, DAY_MS], ["days_ago", 2, 2 * DAY_MS], ["days_ago", 3, 3 * DAY_MS]];
  const ENDED = new Set(["signed_out", "no_role"]);
  const FIRST_PAUSE_MS = 2_000, LONGEST_PAUSE_MS = 300_000;
  const asked = new URLSearchParams(location.search).get("need") || "";
  const state = { needs: null, listedAt: 0, proof: null, trouble: "", compound: "", draft: null, busy: false, pause: FIRST_PAUSE_MS, notice: "", saved: "" };

  const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const make = (tag, fields = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(fields)) {
      if (name === "role" || name.startsWith("aria-")) made.setAttribute(name, value);
      else made[name] = value;
    }
    made.append(...inside.filter((one) => one !== null));
    return made;
  };
  const button = (label, act, fields = {}) => make("button", { type: "button", textContent: label, onclick: act, ...fields });
  const lang = document.documentElement.lang.replace("-", "_");
  const locale = lang === "en" ? "en-GB" : "zh-CN";
  const dayText = (iso) => {
    const day = new Date(`${iso}T12:00`);
    const year = day.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
    return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...year }).format(day);
  };
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  const daysLate = (iso) => Math.round((midnight(new Date()) - midnight(new Date(`${iso}T12:00`))) / DAY_MS);

  const dueText = (need) => {
    const late = daysLate(need.due_on);
    if (need.kind === "first") return say("since", { day: dayText(need.due_on) });
    const when = late > 0 ? say("days_late", { count: late }) : late === 0 ? texts.due_today : say("due_on", { day: dayText(need.due_on) });
    return need.kind === "after_change" ? `${when} · ${texts.after_change}` : when;
  };
  const doorText = (need) => [need.place, need.room].filter(Boolean).join(" ");
  const sectionOf = (need) => (need.number === asked ? "asked" : need.kind === "first" ? "never" : daysLate(need.due_on) > 0 ? "overdue" : "due");

  // What is due, and what the phone knows of it.
  const load = async () => {
    const query = new URLSearchParams({ lang, ...(asked ? { need: asked } : {}) });
    let answer;
    try {
      answer = await VisitQueue.ask(`${addresses.due}?${query}`);
    } catch {
      state.trouble = "offline";
      return false;
    }
    if (answer.status === 401 || answer.status === 403) return leave(answer.status === 401 ? "signed_out" : "no_role");
    if (!answer.ok) { state.trouble = "offline"; return false; }
    const told = await answer.json();
    if (told.who !== given.who) { await VisitQueue.forgetList(); location.reload(); return false; }
    Object.assign(state, { needs: told.needs, listedAt: Date.now(), proof: told.form_token, trouble: "" });
    await VisitQueue.keepList(given.who, told.needs);
    return true;
  };
  const leave = async (why) => {
    Object.assign(state, { needs: null, proof: null, trouble: why, draft: null });
    await VisitQueue.forgetList();
    return false;
  };

  let clock = 0;
  const later = () => {
    clearTimeout(clock);
    clock = setTimeout(send, state.pause);
    state.pause = Math.min(2 * state.pause, LONGEST_PAUSE_MS);
  };
  const send = async () => {
    if (state.busy) return;
    state.busy = true;
    document.body.dataset.sending = "yes";
    try {
      await sendOnce();
    } catch {
      Object.assign(state, { trouble: "offline", proof: null });
    }
    state.busy = false;
    const entries = await VisitQueue.mine(given.who);
    const last = entries.find((one) => one.key === state.saved);
    if (last && last.state !== "waiting") Object.assign(state, { notice: last.state === "sent" ? texts.arrived : "", saved: "" });
    const waiting = entries.some((one) => one.state === "waiting");
    if ((waiting && !ENDED.has(state.trouble)) || state.trouble === "offline") later();
    else state.pause = FIRST_PAUSE_MS;
    await draw();
    delete document.body.dataset.sending;
  };
  const sendOnce = async () => {
    if (!state.proof && !(await load())) return;
    let became = await VisitQueue.sendAll(addresses.visits, given.who, state.proof);
    if (became === "not_signed_in" && (await load())) became = await VisitQueue.sendAll(addresses.visits, given.who, state.proof);
    if (became === "done" && state.trouble === "offline") state.trouble = "";
  };

  // The list.
  const drawStatus = () => {
    const lines = [];
    if (state.notice) lines.push(make("p", { className: "told fine", textContent: state.notice }));
    if (state.trouble) lines.push(make("p", { className: "told", textContent: texts[state.trouble] }));
    if (state.trouble === "signed_out") {
      const back = encodeURIComponent(`${addresses.form}?lang=${lang}`);
      lines.push(make("a", { className: "button primary", href: `/sign-in?next=${back}`, textContent: texts.sign_in }));
    }
    if (state.trouble === "offline" && state.needs) {
      const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(state.listedAt));
      lines.push(make("p", { className: "quiet", textContent: say("as_of", { moment }) }));
    }
    if (!("serviceWorker" in navigator)) lines.push(make("p", { className: "quiet", textContent: texts.no_worker }));
    statusBox.replaceChildren(...lines);
  };
  const drawQueue = (entries) => {
    const of = (wanted) => entries.filter((one) => one.state === wanted);
    const counts = ["waiting", "sent", "refused"].filter((name) => of(name).length).map((name) => say(name, { count: of(name).length }));
    const refused = of("refused").map((entry) => make("div", { className: "told" },
      make("p", { textContent: `${entry.number} · ${results[entry.result]} · ${dayText(entry.visited_at.slice(0, 10))}` }),
      make("p", { className: "quiet", textContent: entry.reason }),
      make("div", { className: "row" },
        button(texts.again, async () => { await VisitQueue.put({ ...entry, state: "waiting", reason: undefined }); send(); }),
        button(texts.correct, () => openDraft(entry)),
        button(texts.drop, () => window.confirm(say("sure", { number: entry.number })) && VisitQueue.drop(entry.key)))));
    const now = of("waiting").length && state.trouble === "offline" ? button(texts.send_now, () => { state.pause = FIRST_PAUSE_MS; send(); }) : null;
    queueBox.replaceChildren(...(counts.length ? [make("div", { className: "row" }, make("p", { className: "counts", textContent: counts.join(" · ") }), now)] : []), ...refused);
  };
  const needButton = (need, done) => {
    const late = !done && (need.kind === "first" || daysLate(need.due_on) > 0);
    const what = done ? [texts.done, done.next_due_on ? say("next_due", { day: dayText(done.next_due_on) }) : ""].filter(Boolean).join(" · ") : dueText(need);
    return make("li", {}, make("button", { type: "button", onclick: () => openDraft({ need: need.id, number: need.number, kind: need.kind }) },
      make("span", { className: "place", textContent: doorText(need) }),
      make("span", { className: `quiet${done ? " done" : late ? " late" : ""}`, textContent: `${need.number} · ${what}` })));
  };
  const drawList = (entries) => {
    if (!state.needs) {
      const known = ENDED.has(state.trouble);
      view.replaceChildren(...(known ? [] : [make("p", { className: "quiet", textContent: state.trouble ? texts.no_list : texts.loading })]));
      return;
    }
    const compounds = [...new Set(state.needs.map((need) => need.compound))].sort();
    if (!compounds.includes(state.compound)) state.compound = "";
    const parts = [];
    if (compounds.length > 1) {
      const filter = make("select", { "aria-label": texts.everywhere, onchange: () => { state.compound = filter.value; draw(); } },
        make("option", { value: "", textContent: texts.everywhere }), ...compounds.map((name) => make("option", { value: name, textContent: name })));
      filter.value = state.compound;
      parts.push(filter);
    }
    const shown = state.needs.filter((need) => !state.compound || need.compound === state.compound);
    if (!shown.length) parts.push(make("p", { textContent: texts.nothing }));
    for (const section of ["asked", "overdue", "never", "due"]) {
      const inside = shown.filter((need) => sectionOf(need) === section);
      if (!inside.length) continue;
      const done = (need) => entries.filter((one) => one.need === need.id && one.state !== "refused").pop();
      parts.push(make("h2", { textContent: `${texts[section]} (${inside.length})` }), make("ul", { className: "needs" }, ...inside.map((need) => needButton(need, done(need)))));
    }
    view.replaceChildren(...parts);
  };

  // One visit: everything on one screen, large, without typing.
  const openDraft = (from) => {
    const replaces = from.key ?? null;
    state.notice = "";
    state.draft = { need: from.need, number: from.number, kind: from.kind, result: from.result ?? "", findings: new Set(from.findings ?? []), minutes: from.minutes ?? null, ago: 0, key: VisitQueue.newKey(), replaces, trouble: "" };
    history.pushState({ visit: true }, "");
    draw();
    window.scrollTo(0, 0);
  };
  const isWhole = (draft) => draft.result !== "" && (draft.result !== "met" || (draft.findings.size > 0 && draft.minutes !== null));
  const choice = (label, pressed, act) => button(label, () => { act(); draw(); }, { "aria-pressed": String(pressed) });
  const toggleFinding = (draft, code) => {
    const has = draft.findings.has(code);
    if (code === "all_well") draft.findings.clear();
    draft.findings.delete("all_well");
    if (has) draft.findings.delete(code);
    else draft.findings.add(code);
  };
  const choices = (title, name, inside) => make("div", {}, make("h2", { textContent: title, id: `${name}_label` }),
    make("div", { className: name === "findings" ? "choices" : "choices three", role: "group", id: name }, ...inside));
  const drawDraft = (draft) => {
    const need = (state.needs ?? []).find((one) => one.id === draft.need);
    const parts = [
      button(texts.back, () => history.back()),
      make("div", { className: "head" }, make("span", { className: "place", textContent: need ? doorText(need) : draft.number }),
        make("span", { className: "quiet", textContent: need ? `${need.number} · ${dueText(need)}` : "" })),
      choices(texts.result, "results", given.results.map(([code, label]) => choice(label, draft.result === code, () => {
        draft.result = code;
        if (code !== "met") { draft.findings.clear(); draft.minutes = null; }
      }))),
    ];
    if (draft.result === "met") {
      parts.push(
        choices(texts.findings, "findings", given.findings.map(([code, label]) => choice(label, draft.findings.has(code), () => toggleFinding(draft, code)))),
        choices(texts.minutes, "minutes", given.minutes.map((count) => choice(say("minute", { count }), draft.minutes === count, () => { draft.minutes = count; }))),
      );
    }
    const when = make("select", { id: "when", "aria-label": texts.when, onchange: () => { draft.ago = Number(when.value); } }, ...AGO.map(([name, count, ms]) => make("option", { value: ms, textContent: say(name, { count }) })));
    when.value = String(draft.ago);
    parts.push(make("h2", { textContent: texts.when }), when);
    if (draft.trouble) parts.push(make("p", { className: "told", role: "alert", textContent: draft.trouble }));
    parts.push(make("div", { className: "save" }, button(texts.save, () => save(draft), { className: "primary", id: "save", disabled: !isWhole(draft) })));
    view.replaceChildren(...parts);
  };
  const save = async (draft) => {
    if (draft.saving) return;
    draft.saving = true;
    const entry = {
      key: draft.key, who: given.who, state: "waiting", at: Date.now(), need: draft.need, number: draft.number, kind: draft.kind, result: draft.result,
      findings: [...draft.findings], minutes: draft.minutes, visited_at: new Date(Date.now() - draft.ago).toISOString(),
    };
    try {
      await VisitQueue.put(entry);
      if (draft.replaces) await VisitQueue.drop(draft.replaces);
    } catch {
      Object.assign(draft, { saving: false, trouble: texts.no_store });
      draw();
      return;
    }
    navigator.storage?.persist?.().catch(() => {});
    Object.assign(state, { notice: texts.saved, saved: entry.key });
    history.back();
    send();
  };

  let turn = 0;
  const draw = async () => {
    const mine = ++turn;
    const entries = await VisitQueue.mine(given.who).catch(() => []);
    if (mine !== turn) return;
    drawStatus();
    queueBox.hidden = state.draft !== null;
    drawQueue(entries);
    if (state.draft) drawDraft(state.draft);
    else drawList(entries);
    document.body.dataset.drawn = String(mine);
  };

  // The page and its files are kept for a door without signal; they hold no data.
  const keepPage = async () => {
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    await navigator.serviceWorker.register(addresses.worker, { scope: addresses.form });
    const cache = await caches.open("visit-form");
    const page = await VisitQueue.ask(location.pathname + location.search);
    if (!page.ok || page.redirected) return;
    await cache.put(addresses.form, page);
    const files = [...document.querySelectorAll("link[href], script[src], header img")].map((one) => one.href || one.src);
    const old = (await cache.keys()).filter((one) => new URL(one.url).pathname !== addresses.form && !files.includes(one.url));
    await Promise.all(old.map((one) => cache.delete(one)));
    await cache.addAll([...new Set(files)]);
    document.body.dataset.kept = "yes";
  };

  window.addEventListener("popstate", () => { state.draft = null; draw(); });
  window.addEventListener("online", () => { state.pause = FIRST_PAUSE_MS; state.proof = null; send(); });
  window.addEventListener("offline", () => { Object.assign(state, { trouble: "offline", proof: null }); draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - state.listedAt > 60_000) { state.proof = null; send(); } });
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("visit-form").addEventListener("message", (event) => { if (event.data === "left") leave("signed_out").then(draw); });
  }
  VisitQueue.listen(draw);

  const start = async () => {
    const list = await VisitQueue.keptList(given.who).catch(() => null);
    if (list) Object.assign(state, { needs: list.needs, listedAt: list.at });
    await draw();
    await send();
    if (!state.trouble) await keepPage().catch(() => {});
  };
  start();
})();
