// What the page knows: one owner, changed by answers and events, told to views by name.
//
//   const off = store.on("alarms", draw);     store.cameras.get("lobby")     off()
//
// Names: cameras, alarms, alarm (detail: the alarm), observation (detail: a camera's), link, again, shelve.

import { Events } from "./events.js";
import { get } from "./api.js";

const LOOK_MS = 3000;
const SEVERITIES = ["info", "warning", "critical"];

class Store extends EventTarget {
  session = { name: "", role: "view" };
  cameras = new Map();
  alarms = new Map();        // raised now, by id
  observations = new Map();  // the newest of each camera, while somebody listens
  shelvedUntil = null;
  up = true;
  version = null;
  #events = new Events((kind, data) => this.#hear(kind, data));
  #timer = 0;

  on(name, hear) {
    const listener = (event) => hear(event.detail);
    this.addEventListener(name, listener);
    return () => this.removeEventListener(name, listener);
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  may(role) {
    const order = ["view", "operate", "admin"];
    return order.indexOf(this.session.role) >= order.indexOf(role);
  }

  start() {
    this.listen(false);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#events.stop();
  }

  /** Observations are many: only where they are shown. */
  listen(observations) {
    this.#events.listen(`alarm,camera_state${observations ? ",observation" : ""}`);
  }

  /** The cameras again: rates and times are not told as events, and this shows whether the daemon answers at all. */
  async look() {
    if (document.hidden) return;
    try {
      const { cameras } = await get("cameras");
      this.cameras = new Map(cameras.map((camera) => [camera.id, camera]));
      await this.#reached();
      this.tell("cameras");
    } catch (error) {
      if (error.status !== 401) this.#unreached();
    }
  }

  async refresh() {
    const [{ cameras }, { alarms }, shelve] =
      await Promise.all([get("cameras"), get("alarms?state=raised&limit=1000"), get("shelve")]);
    this.cameras = new Map(cameras.map((camera) => [camera.id, camera]));
    this.alarms = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    this.shelvedUntil = shelve.shelved_until;
    for (const name of ["cameras", "alarms", "shelve"]) this.tell(name);
  }

  setShelved(until) {
    this.shelvedUntil = until;
    this.tell("shelve");
  }

  /** An alarm as the daemon last told it; older words of it are passed over. */
  takeAlarm(alarm) {
    const known = this.alarms.get(alarm.id);
    if (known && known.revision > alarm.revision) return;
    if (alarm.state === "raised") this.alarms.set(alarm.id, alarm);
    else this.alarms.delete(alarm.id);
    this.tell("alarm", alarm);
    this.tell("alarms");
  }

  /** Of the alarms raised and not shelved: "critical" … or "". */
  worst(camera) {
    let worst = -1;
    for (const alarm of this.alarms.values()) {
      if (alarm.camera === camera && !alarm.shelved_until) worst = Math.max(worst, SEVERITIES.indexOf(alarm.severity));
    }
    return SEVERITIES[worst] ?? "";
  }

  unacknowledged() { return [...this.alarms.values()].filter((a) => !a.acknowledged_at && !a.shelved_until).length; }

  async #reached() {
    if (this.up) return;
    const version = await get("version");
    this.up = true;
    this.#events.nudge();
    await this.refresh();
    this.tell("link", version);
    this.tell("again");
  }

  #unreached() {
    if (!this.up) return;
    this.up = false;
    this.tell("link");
  }

  #hear(kind, data) {
    if (kind === "open" || kind === "resync") this.refresh().catch(() => this.#unreached());
    else if (kind === "closed") this.look();
    else if (kind === "alarm") this.takeAlarm(data);
    else if (kind === "observation") {
      this.observations.set(data.camera, data);
      this.tell("observation", data);
    } else if (data.state === "removed") this.look();
    else {
      if (this.cameras.has(data.id)) this.cameras.set(data.id, data);
      this.tell("cameras");
    }
  }
}

export const store = new Store();
