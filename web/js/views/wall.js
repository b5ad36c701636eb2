// All cameras at a glance: picture with its age, state, headline figures, and a border where an alarm is raised.

import { choice, field, fill, h, say } from "../dom.js";
import { headline } from "../headline.js";
import { Picture, Poller } from "../picture.js";
import { state, t, view as viewName } from "../i18n.js";
import { store } from "../store.js";

export const observes = true;
const PERIOD_MS = { small: 1500, medium: 1000, large: 500 };
const KEY = "lynceus.wall";

/** While the daemon does not answer nobody knows. */
export const stateText = (camera) =>
  !store.up ? t("camera.unknown") : camera.enabled ? state(camera.state) : t("camera.disabled");
export const stateClass = (camera) =>
  !camera.enabled || !store.up ? "" : camera.state === "streaming" ? "good" : camera.state === "connecting" ? "warning" : "critical";

class Card {
  constructor(camera) {
    this.picture = new Picture(t("picture.of", { name: camera.name }));
    this.state = h("span", { class: "badge" });
    this.health = h("span", { class: "badge warning" });
    this.alarms = h("span");
    this.figures = h("span", { class: "row" });
    this.title = h("h2", {}, camera.name);
    this.link = h("a", { class: "card", href: `#/camera/${encodeURIComponent(camera.id)}`, "data-camera": camera.id },
      this.picture.root,
      h("div", { class: "text" },
        h("div", { class: "title" }, this.title, this.health, this.state),
        h("div", { class: "facts-line" }, this.figures, this.alarms)));
    this.root = h("li", {}, this.link);
  }

  draw(camera) {
    say(this.title, camera.name);
    this.state.className = `badge ${stateClass(camera)}`;
    say(this.state, stateText(camera));
    this.health.hidden = !camera.health || camera.health === "ok" || camera.state !== "streaming";
    say(this.health, state(camera.health));
    const raised = [...store.alarms.values()].filter((alarm) => alarm.camera === camera.id).length;
    say(this.alarms, raised === 0 ? "" : raised === 1 ? t("wall.alarm") : t("wall.alarms", { count: raised }));
    const className = `card ${store.worst(camera.id)}`;
    if (this.link.className !== className) this.link.className = className;
    this.observe(store.observations.get(camera.id));
  }

  observe(observation) {
    const found = headline(observation);
    const key = JSON.stringify(found);
    if (key === this.shown) return;
    this.shown = key;
    fill(this.figures, found.map(({ word, text }) => h("span", {}, word && `${word} `, h("b", {}, text))));
  }
}

function load() {
  try { return { view: "overlay", size: "medium", ...JSON.parse(localStorage.getItem(KEY)) }; }
  catch { return { view: "overlay", size: "medium" }; }
}

export function open(root) {
  const wish = load();
  const cards = new Map();
  const summary = h("span", { class: "sub" });
  const list = h("ul", { class: `wall ${wish.size}`, "aria-label": t("wall.title") });
  const none = h("p", { class: "wait", hidden: true }, t("wall.none"));
  const find = h("input", { type: "search", oninput: () => draw() });
  let poller = new Poller(PERIOD_MS[wish.size]);

  const keep = () => localStorage.setItem(KEY, JSON.stringify(wish));
  const pick = (camera) => (camera.views.includes(wish.view) ? wish.view : "raw");
  const setView = (view) => {
    wish.view = view;
    keep();
    for (const camera of store.cameras.values()) if (cards.has(camera.id)) poller.add(cards.get(camera.id).picture, camera.id, pick(camera));
  };
  const setSize = (size) => {
    wish.size = size;
    keep();
    list.className = `wall ${size}`;
    poller.periodMs = PERIOD_MS[size];
  };

  function draw() {
    const wanted = find.value.trim().toLowerCase();
    const all = [...store.cameras.values()];
    const shown = all.filter((camera) => !wanted || `${camera.id} ${camera.name}`.toLowerCase().includes(wanted));
    for (const [id, card] of cards) if (!shown.some((camera) => camera.id === id)) drop(id, card);
    shown.forEach((camera, place) => {
      const card = cards.get(camera.id) ?? add(camera);
      if (list.children[place] !== card.root) list.insertBefore(card.root, list.children[place] ?? null);
      card.draw(camera);
    });
    none.hidden = all.length > 0;
    say(summary, t("wall.summary", { up: all.filter((camera) => camera.state === "streaming").length, all: all.length }));
  }

  function add(camera) {
    const card = new Card(camera);
    cards.set(camera.id, card);
    poller.add(card.picture, camera.id, pick(camera));
    return card;
  }

  function drop(id, card) {
    poller.remove(card.picture);
    card.picture.close();
    card.root.remove();
    cards.delete(id);
  }

  const everyView = new Set(["raw", "overlay", ...[...store.cameras.values()].flatMap((camera) => camera.views)]);
  fill(root,
    h("div", { class: "head" }, h("h1", {}, t("wall.title"), summary),
      field(t("wall.filter"), find),
      field(t("wall.view"), choice([...everyView].map((name) => [name, viewName(name)]), wish.view, setView)),
      field(t("wall.size"), choice(["small", "medium", "large"].map((size) => [size, t(`wall.${size}`)]), wish.size, setSize))),
    list, none);
  draw();
  const off = [store.on("cameras", draw), store.on("alarms", draw), store.on("link", draw),
    store.on("observation", (seen) => cards.get(seen.camera)?.observe(seen))];
  list.addEventListener("keydown", (event) => walk(event, list));
  return () => {
    off.forEach((stop) => stop());
    for (const card of cards.values()) card.picture.close();
    poller.stop();
  };
}

/** Arrow keys go from card to card, as in a grid. */
function walk(event, list) {
  const links = [...list.querySelectorAll(".card")];
  const at = links.indexOf(document.activeElement);
  if (at < 0) return;
  const top = links[0].getBoundingClientRect().top;
  const columns = links.filter((link) => link.getBoundingClientRect().top === top).length || 1;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!step) return;
  event.preventDefault();
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
}
