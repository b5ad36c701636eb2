// One alarm: its picture, its clip, everything it says, and what may be done.

import { button, fill, h } from "../dom.js";
import { get } from "../api.js";
import { alarmButtons, tell, why } from "../act.js";
import { exactTime, figure, kind, severity, state, t, time } from "../i18n.js";
import { store } from "../store.js";

export function statusBadges(alarm) {
  const badge = (className, text) => h("span", { class: `badge ${className}` }, text);
  return [
    alarm.state === "cleared" ? badge("good", t("alarms.clearedat", { time: time(alarm.cleared_at) }))
      : badge(alarm.active ? alarm.severity : "info", t(alarm.active ? "alarms.active" : "alarms.over")),
    alarm.acknowledged_at && badge("bare", t("alarms.acked", { who: alarm.acknowledged_by })),
    alarm.shelved_until && badge("bare", t("alarms.shelvedto", { time: time(alarm.shelved_until) })),
    !alarm.durable && badge("warning", t("alarms.volatile"))];
}

export class AlarmDialog {
  constructor() {
    this.title = h("h2", { id: "alarm-title" });
    this.body = h("div");
    this.root = h("dialog", { "aria-labelledby": "alarm-title", onclose: () => this.#left() },
      h("header", {}, this.title, button(t("close"), () => this.root.close())), this.body);
    this.id = null;
  }

  async show(id) {
    this.id = id;
    try {
      this.#draw(await get(`alarms/${encodeURIComponent(id)}`));
      if (!this.root.open) this.root.showModal();
    } catch (error) {
      tell(why(error));
    }
  }

  hear(alarm) {
    if (alarm.id === this.id && this.root.open) this.#draw(alarm);
  }

  close() {
    this.id = null;
    this.root.close();
  }

  /** The address goes back to the list, unless somebody left already. */
  #left() {
    if (this.id && location.hash.endsWith(this.id)) history.replaceState(null, "", "#/alarms");
    this.id = null;
    fill(this.body);
  }

  #draw(alarm) {
    fill(this.title, h("span", { class: `level ${alarm.severity}` }, severity(alarm.severity)), " · ", kind(alarm.kind));
    const playing = this.body.querySelector("video");
    const clip = alarm.clip && (playing?.dataset.clip === alarm.clip ? playing
      : h("video", { src: alarm.clip, controls: true, muted: true, preload: "metadata", "data-clip": alarm.clip, "aria-label": t("alarms.clip") }));
    const camera = store.cameras.get(alarm.camera);
    const facts = [
      ["alarms.where", camera?.name ?? alarm.camera ?? t("alarms.site")], ["alarms.zone", alarm.zone],
      ["alarms.value", alarm.value === null ? "" : figure(alarm.value, alarm.unit)], ["alarms.limit", alarm.limit === null ? "" : figure(alarm.limit, alarm.unit)],
      ["alarms.when", exactTime(alarm.raised_at)], ["alarms.reason", alarm.clear_reason && state(alarm.clear_reason)],
      ["alarms.count", alarm.count > 1 ? alarm.count : ""], ["alarms.id", alarm.id]];
    fill(this.body,
      h("p", {}, alarm.summary),
      h("div", { class: "row" }, statusBadges(alarm), h("span", { class: "push" }), alarmButtons(alarm)),
      h("p"),
      h("div", { class: "columns" },
        alarm.snapshot && h("img", { src: alarm.snapshot, alt: t("alarms.snapshot") }),
        clip || h("p", {}, t("alarms.noclip"))),
      h("p"),
      h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)])));
  }
}
