// The parts of the camera view that are written again and again from what the daemon says.

import { button, fill, h } from "../dom.js";
import { post } from "../api.js";
import { alarmButtons, doing, tell } from "../act.js";
import { headline } from "../headline.js";
import { exactTime, figure, kind, severity, state, t, time } from "../i18n.js";
import { store } from "../store.js";

/** Written only when it says something else: focus stays where it is. */
function once(root, key, make) {
  if (root.dataset.shown === key) return;
  root.dataset.shown = key;
  fill(root, make());
}

export function headlineLine(root, observation) {
  const found = headline(observation);
  once(root, JSON.stringify(found), () => found.map(({ word, text }) => h("span", {}, word && `${word} `, h("b", {}, text))));
}

async function toggle(camera) {
  if (camera.enabled && !confirm(t("camera.off.sure", { name: camera.name }))) return;
  await post(`cameras/${encodeURIComponent(camera.id)}/enabled`, { enabled: !camera.enabled });
  await store.look();
}

async function reference(camera, plugin) {
  await post(`cameras/${encodeURIComponent(camera.id)}/reference`, { plugin });
  tell(t("camera.reference.done"), false);
}

export function about(root, camera) {
  const analyzers = camera.analyzers.map((one) => `${one.plugin} (${[state(one.state), one.reason].filter(Boolean).join(": ")})`).join(", ");
  const facts = [
    ["about.kind", state(camera.kind)], ["about.address", camera.url],
    ["about.video", [camera.codec, camera.width && `${camera.width}×${camera.height}`].filter(Boolean).join(" ")],
    ["about.received", t("about.fps", { fps: figure(camera.fps_received) })], ["about.analyzed", t("about.fps", { fps: figure(camera.fps_analyzed) })],
    ["about.health", state(camera.health)], ["about.light", state(camera.light)],
    ["about.since", time(camera.state_since)], ["about.reason", camera.reason], ["about.analyzers", analyzers]];
  once(root, JSON.stringify([facts, camera.enabled, store.session.role]), () => [
    h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)])),
    h("p"),
    h("div", { class: "row" },
      h("a", { href: `#/setup/${encodeURIComponent(camera.id)}` }, t("camera.setup")),
      store.may("operate") && button(t(camera.enabled ? "camera.off" : "camera.on"),
        (event) => doing(event.currentTarget, () => toggle(camera)), { class: "small" }),
      store.may("admin") && camera.analyzers.map(({ plugin }) =>
        button(t("camera.reference", { plugin }), (event) => doing(event.currentTarget, () => reference(camera, plugin)), { class: "small" })))]);
}

export function conditions(root, observation) {
  const all = observation.plugins.flatMap((plugin) => plugin.conditions);
  const key = JSON.stringify(all.map((one) => [one.key, one.active, figure(one.value, one.unit), one.limit]));
  once(root, key, () => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("camera.conditions") }, h("table", {},
    h("thead", {}, h("tr", {}, ["condition", "value", "limit", "state"].map((name) =>
      h("th", { class: name === "value" || name === "limit" ? "num" : null }, t(`camera.${name}`))))),
    h("tbody", {}, all.map((one) => h("tr", {},
      h("td", { title: one.summary }, [kind(one.kind), one.zone].filter(Boolean).join(" · ")),
      h("td", { class: "num" }, figure(one.value, one.unit)), h("td", { class: "num" }, one.limit === null ? "" : figure(one.limit, one.unit)),
      h("td", {}, h("span", { class: `badge ${one.active ? one.severity : "good"}` }, t(one.active ? "camera.active" : "camera.quiet")))))))));
}

export function raised(root, camera) {
  const all = [...store.alarms.values()].filter((alarm) => alarm.camera === camera);
  all.sort((a, b) => (a.raised_at < b.raised_at ? 1 : -1));
  once(root, JSON.stringify([all.map((alarm) => [alarm.id, alarm.revision, alarm.active]), store.session.role]), () =>
    all.length === 0 ? h("p", {}, t("alarms.none")) : h("ul", { class: "shapes" }, all.map((alarm) => h("li", {},
      h("div", { class: "row" }, h("span", { class: `level ${alarm.severity}` }, severity(alarm.severity)),
        h("a", { href: `#/alarms/${alarm.id}` }, [kind(alarm.kind), alarm.zone].filter(Boolean).join(" · ")),
        h("small", { title: exactTime(alarm.raised_at) }, time(alarm.raised_at))),
      h("div", { class: "row" }, alarm.acknowledged_at && h("span", { class: "badge bare" }, t("alarms.acked", { who: alarm.acknowledged_by })),
        alarmButtons(alarm))))));
}
