// One camera: its picture as a stream in any of its views, what is seen and measured now and over the last hour.

import { button, fill, h, newId, say } from "../dom.js";
import { get, now } from "../api.js";
import { Picture, play } from "../picture.js";
import { grouped, Plot } from "../plot.js";
import { t, view as viewName } from "../i18n.js";
import { store } from "../store.js";
import { about, conditions, headlineLine, raised } from "./camera_parts.js";
import { marksButton } from "./marks.js";
import { stateClass, stateText } from "./wall.js";

const HOUR_MS = 3_600_000, STEP_S = 15, PLOTS_MS = 5000, WORDS_MS = 1000, FPS = 10;
const KEY = "lynceus.view";

class Live {
  constructor(camera) {
    this.camera = camera;
    this.picture = new Picture(t("picture.of", { name: camera.name }));
    const kept = sessionStorage.getItem(KEY);
    this.view = camera.views.includes(kept) ? kept : "overlay";
    this.buttons = h("div", { class: "group", role: "group", "aria-label": t("camera.view") });
    this.drawButtons(camera);
    this.choose(this.view);
  }

  drawButtons(camera) {
    const key = camera.views.join();
    if (key === this.shown) return;
    this.shown = key;
    fill(this.buttons, camera.views.map((name) => button(viewName(name), () => this.choose(name), { "data-view": name })));
    this.press();
  }

  press() {
    for (const one of this.buttons.children) one.setAttribute("aria-pressed", String(one.dataset.view === this.view));
  }

  choose(view) {
    this.view = view;
    sessionStorage.setItem(KEY, view);
    this.press();
    this.stop?.();
    this.picture.forget();
    this.stop = play(this.picture, this.camera.id, view, FPS);
  }

  close() {
    this.stop();
    this.picture.close();
  }
}

/** Plots of everything measured in the last hour, refreshed while the page is looked at. */
class Plots {
  constructor(id) {
    this.id = id;
    this.plots = new Map();
    this.grid = h("div", { class: "plots" });
    this.none = h("p", {}, t("camera.noplot"));
    this.root = h("section", { class: "panel" }, h("h2", {}, t("camera.hour")), this.none, this.grid);
    this.timer = setInterval(() => this.load(), PLOTS_MS);
    this.load();
  }

  async load() {
    if (document.hidden || !store.up) return;
    const until = now(), from = until - HOUR_MS;
    const since = encodeURIComponent(new Date(from).toISOString());
    const answer = await get(`cameras/${encodeURIComponent(this.id)}/measurements?since=${since}&step=${STEP_S}`).catch(() => null);
    if (!answer) return;
    const groups = grouped(answer.series.filter((series) => series.points.length > 0));
    this.none.hidden = groups.length > 0;
    for (const [name, series] of groups) {
      if (!this.plots.has(name)) {
        this.plots.set(name, new Plot(name));
        this.grid.append(this.plots.get(name).root);
      }
      const first = Math.max(from, Math.min(...series.map((one) => Date.parse(one.points[0][0]))));
      this.plots.get(name).draw(series, Math.min(first, until - 60_000), until, answer.step);
    }
  }

  close() { clearInterval(this.timer); }
}

function neighbours(id) {
  const ids = [...store.cameras.keys()];
  const at = ids.indexOf(id);
  return [ids.at(at - 1), ids[(at + 1) % ids.length]].map((one) => `#/camera/${encodeURIComponent(one)}`);
}

export function open(root, [id]) {
  const camera = store.cameras.get(id);
  if (!camera) {
    fill(root, h("p", { class: "wait" }, t("camera.gone"), " ", h("a", { href: "#/" }, t("camera.back"))));
    return () => {};
  }
  const live = new Live(camera);
  const plots = new Plots(id);
  const badge = h("span", { class: "badge" }), name = h("h1", {}, camera.name);
  const line = h("p", { class: "row", id: newId() });
  const facts = h("div"), table = h("div"), alarms = h("div");
  const [before, after] = neighbours(id);
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : live.picture.root.requestFullscreen());

  fill(root,
    h("div", { class: "head" }, name, badge,
      h("a", { href: "#/" }, t("camera.back")),
      h("a", { href: before, id: "before" }, `‹ ${t("camera.previous")}`), h("a", { href: after, id: "after" }, `${t("camera.next")} ›`)),
    h("div", { class: "camera" },
      h("div", {},
        h("section", { class: "panel stage" }, h("div", { class: "row" }, live.buttons,
          h("span", { class: "push" }), store.may("admin") && marksButton(live.picture, id), button(t("camera.full"), full)), live.picture.root, line),
        plots.root),
      h("div", {},
        h("section", { class: "panel" }, h("h2", {}, t("camera.alarms")), alarms),
        h("section", { class: "panel" }, h("h2", {}, t("camera.about")), facts),
        h("section", { class: "panel" }, h("h2", {}, t("camera.conditions")), table))));

  function draw() {
    const current = store.cameras.get(id);
    if (!current) return;
    badge.className = `badge ${stateClass(current)}`;
    say(badge, stateText(current));
    live.drawButtons(current);
    about(facts, current);
    raised(alarms, id);
  }

  async function words() {
    if (document.hidden || !store.up) return;
    const said = await get(`cameras/${encodeURIComponent(id)}/observations`).catch(() => null);
    if (!said) return;
    headlineLine(line, said);
    conditions(table, said);
  }

  draw();
  words();
  const timer = setInterval(words, WORDS_MS);
  const off = [store.on("cameras", draw), store.on("alarms", draw), store.on("link", draw)];
  const keys = (event) => {
    if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "[") location.hash = before;
    else if (event.key === "]") location.hash = after;
  };
  document.addEventListener("keydown", keys);
  return () => {
    off.forEach((stop) => stop());
    clearInterval(timer);
    document.removeEventListener("keydown", keys);
    live.close();
    plots.close();
  };
}
