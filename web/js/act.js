// What people do to alarms and cameras: one place that asks the daemon, tells what went wrong, and hands on what is so now.

import { button, choice, h } from "./dom.js";
import { post, Unreachable } from "./api.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const MINUTES = ["10", "30", "60", "480", "1440"];

export const why = (error) =>
  t("error", { why: error instanceof Unreachable ? t("unreachable") : [error.message, ...(error.errors ?? []).slice(1)].join("; ") });

let told = 0;

/** A line at the top for a while: for actions whose place may be gone by then. */
export function tell(text, bad = true) {
  const line = h("div", { class: `notice ${bad ? "critical" : ""}`, role: bad ? "alert" : "status" }, text,
    button(t("close"), () => line.remove(), { class: "small" }));
  document.getElementById("notices").append(line);
  clearTimeout(told);
  told = setTimeout(() => line.remove(), 8000);
}

/** Runs it with the button out of reach; false when it failed, and then somebody was told. */
export async function doing(control, work, report = (error) => tell(why(error))) {
  if (control) control.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    report(error);
    return false;
  } finally {
    if (control) control.disabled = false;
  }
}

const act = (alarm, verb, body) => async () => store.takeAlarm(await post(`alarms/${alarm.id}/${verb}`, body));

/** What may be done to an alarm now, by who is asking. */
export function alarmButtons(alarm) {
  if (!store.may("operate")) return [];
  const all = [];
  const add = (key, work, props = {}) =>
    all.push(button(t(key), (event) => doing(event.currentTarget, work), { class: "small", "data-do": key, ...props }));
  if (!alarm.acknowledged_at) add("alarms.ack", act(alarm, "ack"), { class: "small main" });
  if (alarm.state !== "cleared") {
    if (alarm.shelved_until) add("alarms.unshelve", act(alarm, "shelve", { minutes: 0 }));
    else all.push(shelveChoice(t("alarms.shelve"), (minutes) => act(alarm, "shelve", { minutes })()));
    if (!alarm.active) add("alarms.clear", act(alarm, "clear"));
  }
  return all;
}

/** A list of times that does it as soon as one is chosen. */
export function shelveChoice(label, shelve) {
  const options = [["", `${label} …`], ...MINUTES.map((minutes) => [minutes, t(`minutes.${minutes}`)])];
  const select = choice(options, "", (minutes) => {
    if (minutes) doing(select, () => shelve(Number(minutes)));
    select.value = "";
  }, { "aria-label": label, class: "small" });
  return select;
}

export const shelveSite = async (minutes) => store.setShelved((await post("shelve", { minutes })).shelved_until);
