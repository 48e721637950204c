/* Comfort for readers; every page works without, and waits for nothing here. What this needs of words is in the page. */
"use strict";
(() => {
  const root = document.documentElement;
  const memory = {
    get(name) {
      try { return localStorage.getItem(name); } catch { return null; }
    },
    set(name, value) {
      try { value ? localStorage.setItem(name, value) : localStorage.removeItem(name); } catch { /* not allowed here */ }
    },
  };
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  root.classList.add("scripted");

  /* Colours: light, dark, or as the system has them. */
  const schemes = ["light", "dark"];
  function paint(scheme) {
    schemes.includes(scheme) ? (root.dataset.scheme = scheme) : delete root.dataset.scheme;
    const chosen = root.dataset.scheme || "";
    for (const button of all("[data-colours]")) button.setAttribute("aria-pressed", button.dataset.colours === chosen);
  }
  paint(memory.get("scheme"));

  /* Size of text, in steps of a tenth. */
  const sizes = [-2, 4];
  let size = 0;
  function scale(step) {
    size = Math.min(sizes[1], Math.max(sizes[0], Math.round(step) || 0));
    size ? root.style.setProperty("--scale", 1 + size / 10) : root.style.removeProperty("--scale");
    for (const button of all("[data-size]")) {
      button.setAttribute("aria-disabled", size === (button.dataset.size < 0 ? sizes[0] : sizes[1]));
    }
  }
  scale(memory.get("size"));

  /* The age of a story, in the language of the interface. */
  function age(date, now, language) {
    const past = (now - new Date(date)) / 864e5;
    const [unit, days] = past < 14 ? ["day", 1] : past < 61 ? ["week", 7] : past < 730 ? ["month", 30.4369] : ["year", 365.2425];
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.floor(past / days), unit);
  }
  function tellAge(place) {
    const now = new Date();
    if (new Date(place.dataset.date) > now) return;
    const language = place.closest("[lang]").lang;
    place.textContent = place.dataset.says.replace("{age}", age(place.dataset.date, now, language));
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { /* no clipboard from a disk, or not allowed: the old way */
      const box = document.createElement("textarea");
      box.value = text;
      box.className = "visually-hidden";
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      if (!done) throw new Error("copy");
    }
  }
  async function copyBeside(button) {
    const label = button.textContent;
    if (label === button.dataset.done) return;
    try { await copy(button.previousElementSibling.textContent); } catch { return; }
    button.focus();
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  function share() {
    const address = one("link[rel=canonical]");
    navigator.share({ title: one("h1").textContent, url: address ? address.href : location.href }).catch(() => {});
  }

  /* Keys: never while somebody writes, never with a modifier, and not where they are switched off. */
  let off = memory.get("keys") === "off";
  function silence(quiet) {
    off = quiet;
    for (const button of all("[data-off]")) button.setAttribute("aria-pressed", off);
  }
  const go = (rel) => { const link = one(`main a[rel~=${rel}]`); if (link) link.click(); return Boolean(link); };
  function move(step) {
    const headlines = all(".card .u-url, .headlines .u-url");
    if (!headlines.length) return go(step > 0 ? "next" : "prev");
    const here = headlines.indexOf(document.activeElement);
    const there = here < 0 ? (step > 0 ? 0 : -1) : here + step;
    const headline = headlines[there];
    if (headline) headline.focus();
    return Boolean(headline);
  }
  function help() {
    const panel = one("#keys");
    if (!panel || !panel.showModal) return false;
    panel.open ? panel.close() : panel.showModal();
    return true;
  }
  function search() {
    const field = one("input[type=search]"), link = one("a[rel~=search]");
    if (field) field.focus();
    else if (link) location.href = `${link.href}#q=`; /* there the field gets the focus */
    return Boolean(field || link);
  }
  const keys = {
    j: () => move(1), k: () => move(-1), n: () => go("next"), p: () => go("prev"), "/": search, "?": help,
  };
  function press(event) {
    if (off || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const on = event.target;
    if (on.isContentEditable || (on.closest && on.closest("input, textarea, select, [role=textbox]"))) return;
    const panel = one("#keys");
    if (panel && panel.open && event.key !== "?") return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  }

  function press_button(event) {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    const has = (name) => name in button.dataset;
    if (has("copy")) copyBeside(button);
    else if (has("share")) share();
    else if (has("size")) { scale(size + Number(button.dataset.size)); memory.set("size", size ? String(size) : ""); }
    else if (has("colours")) { memory.set("scheme", button.dataset.colours); paint(button.dataset.colours); }
    else if (has("keys")) help();
    else if (has("off")) { silence(!off); memory.set("keys", off ? "off" : ""); }
  }

  document.addEventListener("DOMContentLoaded", () => {
    paint(root.dataset.scheme);
    scale(size);
    silence(off);
    all("[data-says]").forEach(tellAge);
    if (!navigator.share) all("[data-share]").forEach((button) => { button.hidden = true; });
    document.addEventListener("keydown", press);
    document.addEventListener("click", press_button);
  });
})();
