// What stands around every view: where to go, how many alarms wait, whether the daemon answers, theme, language, who is asking.

import { button, choice, fill, h, say } from "./dom.js";
import { post } from "./api.js";
import { chooseLanguage, language, languages, t, time } from "./i18n.js";
import { store } from "./store.js";

const bar = document.getElementById("bar");
const notices = document.getElementById("notices");
const places = [["", "nav.wall"], ["alarms", "nav.alarms"], ["deliveries", "nav.deliveries"], ["system", "nav.system"]];
const THEME = "lynceus.theme";
let acts = null, here = "", newer = false;
let count = h("span", { class: "count" });

function chooseTheme(theme) {
  if (theme === "auto") {
    localStorage.removeItem(THEME);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(THEME, theme);
    document.documentElement.dataset.theme = theme;
  }
}

function navigation() {
  count = h("span", { class: "count" });
  return h("nav", { "aria-label": t("nav.label") }, places.map(([name, key]) =>
    h("a", { href: `#/${name}`, "data-place": name }, t(key), name === "alarms" && count)));
}

function tools() {
  const themes = ["auto", "light", "dark"].map((name) => [name, t(`theme.${name}`)]);
  return h("div", { class: "tools" },
    acts && h("span", { class: "who" }, t("user", store.session)),
    choice(themes, document.documentElement.dataset.theme ?? "auto", chooseTheme, { "aria-label": t("theme") }),
    choice(languages, language, async (code) => { await chooseLanguage(code); refreshFrame(); acts?.again(); }, { "aria-label": t("language") }),
    acts && store.session.name !== "anonymous" && button(t("logout"), leave, { class: "plain small" }));
}

async function leave() {
  await post("logout").catch(() => {});
  location.reload();
}

/** acts: {again} once somebody is in; null: nobody is. */
export function buildFrame(next) {
  acts = next;
  refreshFrame();
}

export function refreshFrame() {
  document.querySelector(".skip").textContent = t("skip");
  const brand = bar.querySelector(".brand");
  fill(bar, brand, acts && navigation(), tools());
  mark(here);
  drawCount();
  drawNotices();
}

/** The view that is shown. */
export function mark(name) {
  here = name;
  const place = name === "camera" || name === "setup" ? "" : name;
  for (const link of bar.querySelectorAll("nav a")) {
    if (link.dataset.place === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function drawCount() {
  const open = store.unacknowledged();
  count.hidden = open === 0;
  say(count, String(open));
  count.title = t("nav.open", { count: open });
  document.title = open > 0 && acts ? `(${open}) Lynceus` : "Lynceus";
}

function drawNotices() {
  const all = [];
  if (acts && !store.up) all.push(h("div", { class: "notice critical", id: "link" }, t("link.down")));
  if (newer) all.push(h("div", { class: "notice" }, t("link.new"), button(t("link.reload"), () => location.reload(), { class: "small" })));
  if (acts && store.shelvedUntil) {
    const end = async () => store.setShelved((await post("shelve", { minutes: 0 })).shelved_until);
    all.push(h("div", { class: "notice warning" }, t("shelved", { time: time(store.shelvedUntil) }),
      store.may("operate") && button(t("shelved.end"), end, { class: "small" })));
  }
  fill(notices, all);
}

store.on("alarms", drawCount);
store.on("shelve", drawNotices);
store.on("link", (version) => {
  newer ||= Boolean(version && store.version && version.version !== store.version.version);
  drawNotices();
});
