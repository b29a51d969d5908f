"use strict";
// What stands behind # never reaches the server: it is carried through the form, so that a shared view opens after the sign-in.
for (const form of document.forms) form.action = form.getAttribute("action") + location.hash;
for (const link of document.querySelectorAll("nav a")) link.href += location.hash;
