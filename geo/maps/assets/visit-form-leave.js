"use strict";
// On the page of the sign-in nobody is signed in: the list of due visits and the kept page leave this browser. Visits that
// wait stay, under the mark of who made them, and are shown to nobody else.
(() => {
  const DATABASE = "yizhan-visit-form";
  const forget = async () => {
    if ("caches" in window) await caches.delete("visit-form");
    const known = await navigator.serviceWorker?.getRegistration("/visit-form/");
    if (known && new URL(known.scope).pathname === "/visit-form/") await known.unregister();
  };
  const empty = (database) => {
    if (!database.objectStoreNames.contains("kept")) return;
    const work = database.transaction(["kept", "queue"], "readwrite");
    work.objectStore("kept").clear();
    work.objectStore("queue").openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      if (cursor.value.state === "sent") cursor.delete();
      cursor.continue();
    };
    work.oncomplete = () => {
      if ("BroadcastChannel" in window) new BroadcastChannel("visit-form").postMessage("left");
      database.close();
    };
  };
  forget().catch(() => {});
  const asked = indexedDB.open(DATABASE);
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onsuccess = () => empty(asked.result);
})();
