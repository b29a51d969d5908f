"use strict";
// A tab whose session has ended asks for its page again, and the server leads to the sign-in.
(() => {
  const SIGNED_OUT = 4401;
  const Plain = window.WebSocket;
  let leaving = false;
  const leave = () => {
    if (!leaving) { leaving = true; window.location.reload(); }
  };
  const ask = async () => {
    try {
      const answer = await fetch("/_stcore/host-config", { method: "HEAD", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) leave();
    } catch { /* the server is away: Streamlit tries again by itself */ }
  };
  window.addEventListener("beforeunload", () => { leaving = true; });
  window.WebSocket = class extends Plain {
    constructor(...wanted) {
      super(...wanted);
      this.addEventListener("close", (closed) => (closed.code === SIGNED_OUT ? leave() : ask()));
    }
  };
})();
