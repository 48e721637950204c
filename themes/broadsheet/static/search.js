/* Finds names and dates in the lists of search/: see finding.py. */
"use strict";
(() => {
const one = (selector) => document.querySelector(selector);
const box = one(".finder"), field = one("#q"), place = one(".finds"), says = box.dataset;
const language = `${document.documentElement.lang}-u-ca-gregory-nu-latn`;
const [, root, index] = /(.*?)(index\.html|)$/.exec(says.finder);
const lists = {}, asked = {};
let kinds, letters, unspaced, months, fillers, dated, last, turn = 0;

self.finder = (key, ...values) => {
  lists[key] = values;
  if (key !== "start") return;
  [kinds, letters, unspaced, months, fillers, dated] = values;
  box.hidden = false;
  read();
};
const load = (key) => asked[key] ||= new Promise((done) => {
  const script = make("script");
  script.onload = script.onerror = () => done(lists[key] || [[], ""]);
  script.src = `${root}search/${key}.js`;
  document.head.append(script);
});

const fold = (text) => [...text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()]
  .map((c) => letters[c] ?? c).join("").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/* The list of a word's beginning; `cut` if it lacks some. */
async function under(key, word) {
  const rest = [...word];
  let list = await load(key);
  while (rest[0] && list[1].includes(rest[0])) {
    key += `-${rest.shift().codePointAt().toString(16)}`;
    list = await load(key);
  }
  return { terms: list[0], cut: list[2] && !(rest[0] && list[1]) };
}
async function names(text) {
  const found = [], words = text.split(" ");
  if (text) await Promise.all(kinds.map(async ([kind, label]) => {
    const parts = await Promise.all(words.map((word) => under(kind, word)));
    found.cut ||= parts.every(({ cut }) => cut);
    const terms = new Map(parts.flatMap(({ terms }) => terms.map((term) => [term[1], term])));
    for (const [slug, [name, , count]] of terms) {
      const own = fold(name), has = (word) => ` ${own}`.includes(RegExp(`[${unspaced}]`, "u").test(word) ? word : ` ${word}`);
      const rank = (own !== text) + !own.startsWith(text), href = `${kind}/${encodeURIComponent(slug)}/`;
      if (words.every(has)) found.push({ name, label: `${label} · `, count, rank, href });
    }
  }));
  return found.sort((a, b) => a.rank - b.rank || b.count - a.count || (a.href > b.href) - .5);
}

/* Year, month, day. */
function meant(text) {
  const numbers = [];
  let month;
  for (const part of text.match(/\d+|\p{L}+/gu) || []) {
    if (/\d/.test(part)) numbers.push(part);
    else if (fillers.includes(part)) continue;
    else if (month || !months[part]) return [];
    else month = months[part];
  }
  const [a, b, c] = numbers, long = (n) => n?.length > 2;
  return {
    1: [[a]],
    2: long(a) ? [[a, b]] : long(b) ? [[b, a]] : [[, b, a], [, a, b]],
    3: long(a) ? [[a, b, c]] : [[c, b, a], [c, a, b]],
    11: [long(a) ? [a, month] : [, month, a]],
    12: [long(a) ? [a, month, b] : [b, month, a]],
  }[numbers.length + (month ? 10 : 0)] || [];
}
const two = (n) => String(n).padStart(2, "0");
const say = (y, m, d) => new Date(`${y || 2000}-${two(m)}-${two(d || 1)}`).toLocaleDateString(language, {
  timeZone: "UTC", month: "long", year: y && "numeric", day: d && "numeric",
});
async function dates(text) {
  const wanted = dated ? meant(text) : [], sure = [], near = [];
  const [years, ofYear] = wanted[0] ? await load("dates") : [[]];
  const add = (exact, count, href, name) => (exact ? sure : near).push({ name, count, href });
  for (const [y, m, d] of wanted) {
    if (m && !(m > 0 && m < 13) || d && !(d > 0 && d < 32)) continue;
    const month = two(m), day = two(d);
    if (!y && ofYear[m - 1] >> d - 1 & 1) add(true, "", `on-this-day/${month}-${day}.html`, say(y, m, d));
    const fit = years.filter(([year]) => m ? year === y : y[1] && year.startsWith(y));
    for (const [year, total, counts] of fit.slice(0, 12)) {
      const held = m && counts[m - 1], [days] = held && d ? await load(`days-${year}`) : [[]];
      const [, count] = days.find(([name]) => name === month + day) || [];
      if (count) add(true, count, `${year}/${month}/${day}/`, say(year, m, d));
      else if (held) add(!d, held, `${year}/${month}/`, say(year, m));
      else add(!m, total, `${year}/`, year);
    }
  }
  return sure[0] ? sure : near.slice(0, 1);
}

function make(tag, ...inside) {
  const made = document.createElement(tag);
  made.append(...inside);
  return made;
}
async function find() {
  const mine = ++turn, text = fold(field.value), found = await names(text), all = [...await dates(text), ...found];
  if (mine !== turn) return;
  const items = all.slice(0, 50).map(({ name, label = "", count, href }) => {
    const link = make("a", make("bdi", name)), note = make("span", label, count.toLocaleString(language));
    link.href = root + href.replace(/\/$/, `/${index}`);
    note.className = "count";
    return make("li", link, note);
  });
  place.replaceChildren(...items);
  const more = found.cut || all[50] ? says.more : all[0] ? says.found : says.none;
  one("[role=status]").textContent = text && more.replace("{n}", items.length);
}
function read() {
  field.value = new URLSearchParams(location.hash.slice(1) || location.search).get("q") ?? field.value;
  if (location.hash === "#q=") field.focus();
  last = find();
}
field.addEventListener("input", () => {
  history.replaceState(null, "", `#q=${encodeURIComponent(field.value)}`);
  last = find();
});
onhashchange = read;
box.addEventListener("keydown", (event) => {
  const { key, target } = event, all = [field, ...place.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (step) (all[all.indexOf(target) + step] || target).focus();
  else if (key === "Escape" && target !== field) field.focus();
  else if (key === "Enter" && target === field) last.then(() => one(".finds a")?.click());
  else return;
  event.preventDefault();
});
load("start");
})();
