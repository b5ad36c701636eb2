// The daemon itself: load, memory, versions, networks and what runs them, storage, and the configuration in force.

import { button, field, fill, h, say, svg } from "../dom.js";
import { get, now, post } from "../api.js";
import { doing, why } from "../act.js";
import { readMetrics } from "../metrics.js";
import { figure, span, t } from "../i18n.js";
import { store } from "../store.js";

const LOOK_MS = 2000;
const bytes = (value) => (value >= 2 ** 30 ? `${figure(value / 2 ** 30)} GiB` : `${figure(value / 2 ** 20)} MiB`);

class Tile {
  constructor(key) {
    this.figure = h("div", { class: "figure" });
    this.root = h("div", { class: "tile" }, h("div", { class: "name" }, t(key)), this.figure);
  }
}

function meter(share) {
  return h("div", { class: "meter" }, svg("svg", { viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { width: Math.min(100, share * 100), height: 1 })));
}

/** Cores that each camera took since the last look. */
function costs(before, after, seconds) {
  const then = before.by("lynceus_camera_cpu_seconds_total", "camera");
  return [...after.by("lynceus_camera_cpu_seconds_total", "camera")].map(([camera, value]) =>
    [camera, Math.max(0, (value - (then.get(camera) ?? value)) / seconds)]);
}

function daemonFacts() {
  const { version, opencv, plugins, refused } = store.version;
  return h("dl", { class: "facts" },
    h("dt", {}, t("system.version")), h("dd", {}, `${version} (OpenCV ${opencv})`),
    h("dt", {}, t("system.plugins")), h("dd", {}, plugins.map((one) => `${one.name} ${one.version}`).join(", ")),
    refused.length > 0 && [h("dt", {}, t("system.refused")), h("dd", {}, refused.map((one) => h("div", {}, `${one.file}: ${one.why}`)))]);
}

class Config {
  constructor() {
    this.state = h("p", { class: "message" });
    this.answer = h("p", { class: "message", role: "status" });
    this.body = h("tbody");
    this.values = [];
    this.find = h("input", { type: "search", oninput: () => this.filter() });
    this.changed = h("input", { type: "checkbox", checked: true, onchange: () => this.filter() });
    const heads = ["key", "value", "origin"].map((name) => h("th", { scope: "col" }, t(`system.${name}`)));
    this.root = h("section", { class: "panel" }, h("h2", {}, t("system.config")), this.state, store.may("admin") && [
      h("div", { class: "row ends" }, field(t("system.find"), this.find), field(t("system.changed"), this.changed),
        button(t("system.reload"), (event) => doing(event.currentTarget, () => this.reload(), (error) => this.told(why(error), "bad")))),
      this.answer,
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("system.config") },
        h("table", {}, h("thead", {}, h("tr", {}, heads)), this.body))]);
  }

  told(text, className) {
    this.answer.className = `message ${className}`;
    say(this.answer, text);
  }

  async load() {
    if (!store.may("admin")) return;
    this.values = (await get("config")).values;
    this.filter();
  }

  async reload() {
    const change = await post("config/reload");
    this.told([t("system.reloaded", change), ...(change.warnings ?? [])].join(" "), "fine");
    await this.load();
  }

  filter() {
    const wanted = this.find.value.trim().toLowerCase();
    const shown = this.values.filter((one) => (!this.changed.checked || one.where !== "default") && one.key.toLowerCase().includes(wanted));
    fill(this.body, shown.map((one) => h("tr", {}, h("td", {}, h("code", {}, one.key)), h("td", {}, h("code", {}, one.value)), h("td", {}, h("small", {}, one.where)))));
  }

  health(good) {
    this.state.className = `message ${good ? "fine" : "bad"}`;
    say(this.state, t(good ? "system.good" : "system.bad"));
  }
}

export function open(root) {
  const cpu = new Tile("system.cpu"), memory = new Tile("system.memory"), files = new Tile("system.files"), up = new Tile("system.up");
  const storage = h("dl", { class: "facts" }), networks = h("div"), cost = h("tbody");
  const message = h("p", { class: "message bad", role: "alert" });
  const config = new Config();
  let before = null, at = 0;

  function draw(metrics, seconds) {
    const used = before ? (metrics.value("process_cpu_seconds_total") - before.value("process_cpu_seconds_total")) / seconds : null;
    say(cpu.figure, used === null ? "…" : t("system.cores", { cores: figure(Math.max(0, used)) }));
    say(memory.figure, bytes(metrics.value("process_resident_memory_bytes")));
    say(files.figure, `${metrics.value("process_open_fds")} / ${metrics.value("process_max_fds")}`);
    say(up.figure, span(now() - metrics.value("process_start_time_seconds") * 1000));
    fill(storage, metrics.all("lynceus_storage_bytes").map((row) => [h("dt", {}, row.labels.kind), h("dd", {}, bytes(row.value))]));
    const models = metrics.all("lynceus_inference_backend_info").map((row) => row.labels);
    fill(networks, models.length === 0 ? h("p", {}, t("system.nonetwork")) : h("dl", { class: "facts" },
      models.map((one) => [h("dt", {}, one.model), h("dd", {}, [one.engine, one.backend].filter(Boolean).join(" · "))])));
    if (before) {
      const all = costs(before, metrics, seconds), most = Math.max(0.001, ...all.map(([, share]) => share));
      fill(cost, all.map(([camera, share]) => h("tr", {}, h("td", {}, camera), h("td", { class: "num" }, `${figure(share * 100)} %`), h("td", {}, meter(share / most)))));
    }
    config.health(metrics.value("lynceus_config_last_reload_successful") === 1);
  }

  async function look() {
    if (document.hidden || !store.up) return;
    try {
      const metrics = await readMetrics(), time = performance.now();
      if (before && metrics.value("process_start_time_seconds") !== before.value("process_start_time_seconds")) before = null;
      draw(metrics, (time - at) / 1000);
      [before, at] = [metrics, time];
      say(message, "");
    } catch (error) {
      say(message, why(error));
    }
  }

  fill(root,
    h("div", { class: "head" }, h("h1", {}, t("system.title"))), message,
    h("div", { class: "tiles" }, [cpu, memory, files, up].map((tile) => tile.root)),
    h("div", { class: "columns" },
      h("section", { class: "panel" }, h("h2", {}, t("system.daemon")), daemonFacts()),
      h("section", { class: "panel" }, h("h2", {}, t("system.inference")), networks),
      h("section", { class: "panel" }, h("h2", {}, t("system.storage")), storage),
      h("section", { class: "panel" }, h("h2", {}, t("system.cost")), h("table", {}, cost))),
    h("p"), config.root);
  look();
  config.load().catch((error) => say(message, why(error)));
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}
