// What is owed to whom: sinks with a test, changes not yet taken with their last answer, and a replay.

import { button, choice, fill, field, h, say } from "../dom.js";
import { get, now, post } from "../api.js";
import { doing, why } from "../act.js";
import { readMetrics } from "../metrics.js";
import { exactTime, kind, span, t, time } from "../i18n.js";
import { store } from "../store.js";

const LOOK_MS = 3000, PAGE = 100;

class Sinks {
  constructor() {
    this.tiles = h("div", { class: "tiles" });
    this.byName = new Map();
  }

  make(name) {
    const figure = h("div", { class: "figure" }), oldest = h("div", { class: "sum" });
    const message = h("p", { class: "message", role: "status" });
    const test = async () => {
      say(message, "…");
      const { delivered, answer } = await post(`sinks/${encodeURIComponent(name)}/test`);
      message.className = `message ${delivered ? "fine" : "bad"}`;
      say(message, t(delivered ? "deliveries.delivered" : "deliveries.refused", { answer }));
    };
    const report = (error) => { message.className = "message bad"; say(message, why(error)); };
    const root = h("div", { class: "tile", "data-sink": name }, h("div", { class: "name" }, name), figure, oldest,
      store.may("admin") && button(t("deliveries.test"), (event) => doing(event.currentTarget, test, report), { class: "small" }), message);
    this.tiles.append(root);
    return { root, figure, oldest };
  }

  draw(metrics) {
    const pending = metrics.by("lynceus_deliveries_pending", "sink"), ages = metrics.by("lynceus_delivery_oldest_pending_seconds", "sink");
    for (const [name, count] of pending) {
      if (!this.byName.has(name)) this.byName.set(name, this.make(name));
      const tile = this.byName.get(name);
      say(tile.figure, t("deliveries.owed", { count }));
      say(tile.oldest, count > 0 ? t("deliveries.oldest", { span: span((ages.get(name) ?? 0) * 1000) }) : "");
    }
    for (const [name, tile] of this.byName) if (!pending.has(name)) { tile.root.remove(); this.byName.delete(name); }
    return pending.size;
  }
}

function row(delivery) {
  const due = delivery.next_attempt ? Date.parse(delivery.next_attempt) - now() : null;
  const what = delivery.type.replace("lynceus.alarm.", "");
  return h("tr", { "data-delivery": delivery.id },
    h("td", {}, delivery.sink),
    h("td", {}, h("a", { href: `#/alarms/${delivery.alarm}` }, kind(delivery.kind)), h("div", { class: "sum" }, [what, delivery.camera].filter(Boolean).join(" · "))),
    h("td", {}, h("span", { class: `badge ${delivery.state === "failed" ? "critical" : "info"}` }, t(`deliveries.${delivery.state}`))),
    h("td", { title: exactTime(delivery.since) }, time(delivery.since)), h("td", { class: "num" }, delivery.attempts),
    h("td", {}, due === null ? "" : due <= 0 ? "…" : span(due)), h("td", {}, delivery.last_error ?? ""),
    h("td", {}, store.may("operate") && button(t("deliveries.replay"),
      (event) => doing(event.currentTarget, () => post(`deliveries/${delivery.id}/replay`)), { class: "small" })));
}

export function open(root) {
  let wanted = "";
  const sinks = new Sinks();
  const nosink = h("p", { hidden: true }, t("deliveries.nosink"));
  const none = h("p", { class: "wait" }, t("deliveries.none"));
  const message = h("p", { class: "message bad", role: "alert" });
  const body = h("tbody");
  const heads = ["sink", "what", "state", "since", "attempts", "next", "error"].map((name) =>
    h("th", { scope: "col", class: name === "attempts" ? "num" : null }, t(name === "state" ? "alarms.state" : `deliveries.${name}`)));
  const table = h("table", { class: "deliveries" }, h("thead", {}, h("tr", {}, heads, h("th", {}, t("alarms.do")))), body);

  async function look() {
    if (document.hidden || !store.up) return;
    try {
      const query = `limit=${PAGE}${wanted && `&state=${wanted}`}`;
      const [list, metrics] = await Promise.all([get(`deliveries?${query}`), readMetrics()]);
      nosink.hidden = sinks.draw(metrics) > 0;
      if (!body.contains(document.activeElement)) fill(body, list.deliveries.map(row));
      table.hidden = list.deliveries.length === 0;
      none.hidden = list.deliveries.length > 0;
      say(message, "");
    } catch (error) {
      say(message, why(error));
    }
  }

  const states = [["", t("alarms.any")], ["pending", t("deliveries.pending")], ["failed", t("deliveries.failed")]];
  fill(root,
    h("div", { class: "head" }, h("h1", {}, t("deliveries.title")),
      field(t("alarms.state"), choice(states, "", (value) => { wanted = value; look(); }))),
    message, nosink, sinks.tiles,
    h("section", { class: "panel" }, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("deliveries.title") }, table), none));
  look();
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}
