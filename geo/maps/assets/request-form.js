"use strict";
(() => {
  const given = JSON.parse(document.body.dataset.given);
  const { addresses, texts, longest } = given;
  const [statusBox, view] = ["status", "view"].map((id) => document.getElementById(id));
  const LONGEST_SIDE_PX = 2048, QUALITY = 0.85, TYPING_PAUSE_MS = 250, POSITION_WAIT_MS = 15_000;
  const lang = document.documentElement.lang.replace("-", "_");
  const state = { key: "", place: null, point: null, photo: null, clock: 0, asked: 0 };

  const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const make = (tag, fields = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), fields);
    made.append(...inside.filter((one) => one !== null));
    return made;
  };
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const tell = (words, fine = false) => statusBox.replaceChildren(...(words ? [make("p", { className: fine ? "told fine" : "told", textContent: words })] : []));
  const labelled = (name, field) => [make("label", { htmlFor: field.id, textContent: texts[name] }), field];

  // A photo is made smaller before it is sent; what the camera wrote beside the picture stays on the phone.
  const packed = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
  };

  const suggest = (typed, list) => {
    clearTimeout(state.clock);
    state.place = null;
    if (!given.suggests || !typed.value.trim()) { list.replaceChildren(); return; }
    state.clock = setTimeout(async () => {
      const turn = ++state.asked;
      const answer = await fetch(`${addresses.places}?${new URLSearchParams({ typed: typed.value, lang })}`).catch(() => null);
      if (!answer?.ok || turn !== state.asked) return;
      const { places } = await answer.json();
      list.replaceChildren(...places.map((place) => make("li", {}, make("button", {
        type: "button",
        onclick: () => { Object.assign(state, { place }); typed.value = place.name; list.replaceChildren(); },
      }, make("span", { textContent: place.name }), " ", make("small", { textContent: place.context })))));
    }, TYPING_PAUSE_MS);
  };

  const locate = (told) => {
    const failed = () => { state.point = null; told.textContent = texts.no_position; };
    if (!navigator.geolocation) { failed(); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      state.point = { lon: coords.longitude, lat: coords.latitude };
      told.textContent = say("position", { metres: Math.round(coords.accuracy) });
    }, failed, { enableHighAccuracy: true, timeout: POSITION_WAIT_MS });
  };

  const send = async (fields, button) => {
    button.disabled = true;
    tell(texts.sending);
    const place = state.place ? { [`${state.place.kind}_id`]: state.place.id } : state.point ?? {};
    const photo = fields.photo.files[0] ? await packed(fields.photo.files[0]).catch(() => null) : null;
    const body = {
      key: state.key, form_token: given.form_token, category: fields.category.value, address: fields.typed.value,
      community_id: Object.keys(place).length ? null : Number(fields.community.value) || null, summary: fields.summary.value,
      requester_name: fields.name.value, requester_phone: fields.phone.value, photo, ...place,
    };
    let answer = null, told = {};
    try {
      answer = await fetch(`${addresses.hand_in}?lang=${lang}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      told = await answer.json();
    } catch {
      tell(texts.no_signal);
    }
    button.disabled = false;
    if (answer === null) return;
    if (!answer.ok) { tell(told.message ?? texts.no_signal); return; }
    tell(say("sent", { number: told.number }), true);
    view.replaceChildren(make("button", { type: "button", className: "button", textContent: texts.another, onclick: () => { tell(""); show(); } }));
  };

  const show = () => {
    Object.assign(state, { key: newKey(), place: null, point: null });
    const option = ([value, label]) => make("option", { value, textContent: label });
    const nothing = () => make("option", { value: "", textContent: texts.choose });
    const fields = {
      category: make("select", { id: "category", required: true }, nothing(), ...given.categories.map(option)),
      typed: make("input", { id: "typed", maxLength: longest.address, autocomplete: "off" }),
      community: make("select", { id: "community" }, nothing(), ...given.communities.map(option)),
      summary: make("textarea", { id: "summary", maxLength: longest.summary }),
      photo: make("input", { id: "photo", type: "file", accept: "image/*" }),
      name: make("input", { id: "name", maxLength: longest.name, autocomplete: "name" }),
      phone: make("input", { id: "phone", type: "tel", maxLength: longest.phone, autocomplete: "tel" }),
    };
    const list = make("ul", { className: "places" }), told = make("p", { className: "quiet" });
    fields.typed.oninput = () => suggest(fields.typed, list);
    const button = make("button", { type: "submit", className: "primary", textContent: texts.send });
    const form = make("form", {},
      ...labelled("category", fields.category), make("h2", { textContent: texts.place }),
      ...labelled("typed", fields.typed), list,
      make("button", { type: "button", textContent: texts.here, onclick: () => locate(told) }), told,
      ...(given.communities.length ? labelled("community", fields.community) : []),
      ...labelled("summary", fields.summary), ...labelled("photo", fields.photo),
      ...labelled("name", fields.name), ...labelled("phone", fields.phone),
      make("p", { className: "quiet", textContent: texts.sealed }), make("div", { className: "save" }, button));
    form.onsubmit = (event) => { event.preventDefault(); send(fields, button); };
    view.replaceChildren(form);
  };
  show();
})();
