"use strict";
// Visits kept on the phone until the server has them. Each has a key of its own, made before it is first sent and never
// changed, so that the server knows it again: an answer that was lost on the way doubles nothing.
const VisitQueue = (() => {
  const NAME = "yizhan-visit-form";
  const LIST_HOURS = 72, SENT_HOURS = 16;
  const HOUR_MS = 3_600_000;
  const PATIENCE_MS = 20_000;
  const FINAL = new Set([400, 404, 409, 413]);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("visit-form") : null;
  const listeners = [];
  let opened = null;

  const open = () => {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("queue", { keyPath: "key" });
        asked.result.createObjectStore("kept", { keyPath: "name" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
    return opened;
  };
  const work = async (store, mode, ask) => {
    const transaction = (await open()).transaction(store, mode);
    const asked = ask(transaction.objectStore(store));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  };
  const tell = () => { channel?.postMessage("changed"); for (const one of listeners) one(); };

  const put = async (entry) => { await work("queue", "readwrite", (queue) => queue.put(entry)); tell(); };
  const drop = async (key) => { await work("queue", "readwrite", (queue) => queue.delete(key)); tell(); };
  const mine = async (who) => {
    const all = await work("queue", "readonly", (queue) => queue.getAll());
    const old = Date.now() - SENT_HOURS * HOUR_MS;
    for (const one of all) if (one.state === "sent" && one.at < old) await work("queue", "readwrite", (queue) => queue.delete(one.key));
    return all.filter((one) => one.who === who && !(one.state === "sent" && one.at < old)).sort((a, b) => a.at - b.at);
  };

  const keepList = (who, needs) => work("kept", "readwrite", (kept) => kept.put({ name: "list", who, needs, at: Date.now() }));
  const forgetList = () => work("kept", "readwrite", (kept) => kept.clear());
  const keptList = async (who) => {
    const list = await work("kept", "readonly", (kept) => kept.get("list"));
    if (list && list.who === who && Date.now() - list.at < LIST_HOURS * HOUR_MS) return list;
    if (list) await forgetList();
    return null;
  };

  // crypto.randomUUID is there on https only; the random numbers themselves are there everywhere.
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const ask = async (address, options = {}) => {
    const ended = new AbortController();
    const clock = setTimeout(() => ended.abort(), PATIENCE_MS);
    try {
      return await fetch(address, { cache: "no-store", credentials: "same-origin", signal: ended.signal, ...options });
    } finally {
      clearTimeout(clock);
    }
  };

  // One tab sends at a time where the browser can tell; where it can't, the keys keep two from doubling anything.
  const alone = (send) => (navigator.locks
    ? navigator.locks.request("visit-form", { ifAvailable: true }, (lock) => (lock ? send() : null))
    : send());

  const outcome = async (entry, answer) => {
    if (answer.ok) {
      const told = await answer.json();
      await put({ key: entry.key, who: entry.who, number: told.number, need: entry.need, state: "sent", next_due_on: told.next_due_on, at: Date.now() });
      return "sent";
    }
    if (!FINAL.has(answer.status)) return answer.status === 401 || answer.status === 403 ? "not_signed_in" : "later";
    const told = await answer.json().catch(() => ({ message: String(answer.status) }));
    await put({ ...entry, state: "refused", reason: told.message });
    return "refused";
  };

  const sendAll = (address, who, proof) => alone(async () => {
    for (const entry of await mine(who)) {
      if (entry.state !== "waiting") continue;
      const visit = {
        key: entry.key, need: entry.need, visited_at: entry.visited_at, result: entry.result,
        findings: entry.findings, minutes: entry.minutes, kind: entry.kind,
      };
      const answer = await ask(address, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ who, form_token: proof, visit }),
      });
      const became = await outcome(entry, answer);
      if (became === "not_signed_in" || became === "later") return became;
    }
    return "done";
  });

  channel?.addEventListener("message", () => { for (const one of listeners) one(); });
  return { put, drop, mine, keepList, forgetList, keptList, newKey, ask, sendAll, listen: (one) => listeners.push(one) };
})();
