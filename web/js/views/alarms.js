// Alarms as they come, and those that were: with picture, acknowledge, shelve, clear, and a filter.

import { button, choice, field, fill, h } from "../dom.js";
import { get } from "../api.js";
import { alarmButtons, doing, shelveChoice, shelveSite, why } from "../act.js";
import { exactTime, kind, severity, t, time } from "../i18n.js";
import { store } from "../store.js";
import { AlarmDialog, statusBadges } from "./alarm_dialog.js";

const PAGE = 50;

class Rows {
  constructor(pick) {
    this.pick = pick;
    this.byId = new Map();
    this.body = h("tbody");
    const heads = [t("alarms.snapshot"), t("alarms.what"), t("alarms.where"), t("alarms.when"), t("alarms.status"), t("alarms.do")];
    this.root = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("alarms.title") },
      h("table", { class: "alarms" }, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), this.body));
  }

  make(alarm) {
    const camera = store.cameras.get(alarm.camera);
    const where = alarm.camera ? h("a", { href: `#/camera/${encodeURIComponent(alarm.camera)}` }, camera?.name ?? alarm.camera) : t("alarms.site");
    return h("tr", { "data-alarm": alarm.id, class: alarm.state === "cleared" ? "done" : null },
      h("td", {}, alarm.snapshot && h("img", { class: "thumb", src: alarm.snapshot, loading: "lazy", alt: t("alarms.snapshot") })),
      h("td", {}, h("div", { class: "row" }, h("span", { class: `level ${alarm.severity}` }, severity(alarm.severity)),
        button(kind(alarm.kind), () => this.pick(alarm.id), { class: "title" })),
        h("div", { class: "sum" }, alarm.summary)),
      h("td", {}, where, alarm.zone && h("div", { class: "sum" }, alarm.zone)),
      h("td", { title: exactTime(alarm.raised_at) }, time(alarm.raised_at)),
      h("td", {}, h("div", { class: "row" }, statusBadges(alarm))),
      h("td", {}, h("div", { class: "row" }, alarmButtons(alarm))));
  }

  /** A row keeps its place; a new one goes where its time says. */
  put(alarm) {
    const known = this.byId.get(alarm.id);
    if (known && known.alarm.revision > alarm.revision) return;
    const inside = known?.row.contains(document.activeElement) ? document.activeElement.dataset.do ?? "" : null;
    const row = this.make(alarm);
    this.byId.set(alarm.id, { alarm, row });
    if (known) known.row.replaceWith(row);
    else this.insert(alarm, row);
    if (inside !== null) (row.querySelector(`[data-do="${inside}"]`) ?? row.querySelector("button"))?.focus();
  }

  insert(alarm, row) {
    const before = [...this.body.children].find((other) => this.byId.get(other.dataset.alarm).alarm.raised_at < alarm.raised_at);
    this.body.insertBefore(row, before ?? null);
  }

  drop(id) {
    this.byId.get(id)?.row.remove();
    this.byId.delete(id);
  }

  clear() {
    this.byId.clear();
    fill(this.body);
  }
}

export function open(root, [wanted]) {
  const wish = { state: "raised", severity: "", camera: "" };
  const message = h("p", { class: "message bad", role: "alert" });
  const none = h("p", { class: "wait", hidden: true }, t("alarms.none"));
  const dialog = new AlarmDialog();
  const rows = new Rows((id) => { location.hash = `#/alarms/${id}`; });
  const more = button(t("more"), () => doing(more, () => load(true)), { hidden: true });
  let cursor = null;

  const fits = (alarm) => alarm.state !== "pending" && (!wish.state || alarm.state === wish.state) &&
    (!wish.severity || alarm.severity === wish.severity) && (!wish.camera || alarm.camera === wish.camera);

  async function load(older) {
    const query = new URLSearchParams({ limit: PAGE });
    for (const [name, value] of Object.entries(wish)) if (value) query.set(name, value);
    if (older && cursor) query.set("cursor", cursor);
    const page = await get(`alarms?${query}`);
    if (!older) rows.clear();
    page.alarms.filter(fits).forEach((alarm) => rows.put(alarm));
    cursor = page.next;
    more.hidden = !cursor;
    none.hidden = rows.byId.size > 0;
  }

  const again = () => load(false).then(() => fill(message), (error) => fill(message, why(error)));
  const filter = (name) => (value) => { wish[name] = value; again(); };
  const cameras = [["", t("alarms.any")], ...[...store.cameras.values()].map((camera) => [camera.id, camera.name])];
  const states = [["raised", t("alarms.state.raised")], ["cleared", t("alarms.state.cleared")], ["", t("alarms.state.any")]];
  const severities = [["", t("alarms.any")], ...["info", "warning", "critical"].map((name) => [name, severity(name)])];

  fill(root,
    h("div", { class: "head" }, h("h1", {}, t("alarms.title")),
      field(t("alarms.state"), choice(states, wish.state, filter("state"))),
      field(t("alarms.severity"), choice(severities, "", filter("severity"))),
      field(t("alarms.camera"), choice(cameras, "", filter("camera"))),
      store.may("operate") && shelveChoice(t("alarms.site.shelve"), shelveSite)),
    message, h("section", { class: "panel" }, rows.root, none, more), dialog.root);
  again();
  if (wanted) dialog.show(wanted);

  const off = [
    store.on("alarm", (alarm) => {
      if (fits(alarm)) rows.put(alarm);
      else rows.drop(alarm.id);
      none.hidden = rows.byId.size > 0;
      dialog.hear(alarm);
    }),
    store.on("again", again)];
  return () => {
    off.forEach((stop) => stop());
    dialog.close();
  };
}
