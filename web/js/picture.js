// A picture that says how old it is. Drawn on a canvas from what was fetched, because an <img> tells nobody when its
// stream stopped: what is old is greyed and told so, what is live was captured less than two seconds and a half ago.

import { h, say } from "./dom.js";
import { hearDate, now, snapshotUrl, streamUrl } from "./api.js";
import { readParts } from "./stream.js";
import { t, age } from "./i18n.js";

const LIVE_MS = 2500, STALE_MS = 6000, TICK_MS = 500;
const AT_ONCE = 3;            // of the six connections that a browser opens: the others are for events and answers
const AGAIN_MS = [1000, 2000, 5000];
const SILENT_MS = 20000;      // the daemon repeats a still picture after five seconds

export class Picture {
  constructor(label) {
    this.canvas = h("canvas", { role: "img", "aria-label": label, width: 16, height: 9 });
    this.badge = h("span", { class: "age" });
    this.root = h("div", { class: "picture empty" }, this.canvas, this.badge);
    this.capturedAt = null;
    this.decoding = false;
    pictures.add(this);
  }

  async show(bytes, capturedAt) {
    if (this.decoding) return;  // a slow machine shows fewer, never later ones
    this.decoding = true;
    try {
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
      if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
        this.canvas.width = bitmap.width;
        this.canvas.height = bitmap.height;
        this.canvas.dispatchEvent(new Event("resized"));
      }
      this.canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      this.capturedAt = Date.parse(capturedAt);
      this.tick();
    } catch {
      // Not a picture: the next one may be.
    } finally {
      this.decoding = false;
    }
  }

  tick() {
    const old = this.capturedAt === null ? Infinity : now() - this.capturedAt;
    const state = old === Infinity ? "empty" : old < LIVE_MS ? "live" : old < STALE_MS ? "late" : "stale";
    this.root.className = `picture ${state}`;
    say(this.badge, state === "empty" ? t("picture.none") : state === "live" ? t("picture.live") : age(old));
  }

  forget() {
    this.capturedAt = null;
    this.tick();
  }

  close() { pictures.delete(this); }
}

const pictures = new Set();
setInterval(() => pictures.forEach((picture) => picture.tick()), TICK_MS);

/** Pictures of many cameras, one after another, at most AT_ONCE at a time: a slow line gets fewer, never a queue. */
export class Poller {
  constructor(periodMs) {
    this.periodMs = periodMs;
    this.wanted = new Map();  // by picture: {id, view, due, visible}
    this.busy = 0;
    this.stopped = new AbortController();
    this.seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
      for (const [picture, want] of this.wanted) if (picture.root === entry.target) want.visible = entry.isIntersecting;
    }));
    this.timer = setInterval(() => this.step(), 100);
  }

  add(picture, id, view) {
    if (!this.wanted.has(picture)) this.seen.observe(picture.root);
    this.wanted.set(picture, { id, view, due: 0, visible: this.wanted.get(picture)?.visible ?? true });
  }

  remove(picture) {
    this.seen.unobserve(picture.root);
    this.wanted.delete(picture);
  }

  step() {
    if (document.hidden) return;
    const due = [...this.wanted].filter(([, want]) => want.visible && !want.busy && want.due <= performance.now());
    due.sort((a, b) => a[1].due - b[1].due);
    for (const [picture, want] of due.slice(0, AT_ONCE - this.busy)) this.fetch(picture, want);
  }

  async fetch(picture, want) {
    this.busy++;
    want.busy = true;
    want.due = performance.now() + this.periodMs;
    try {
      const response = await fetch(snapshotUrl(want.id, want.view), { signal: this.stopped.signal, cache: "no-store" });
      hearDate(response);
      if (response.ok) await picture.show(await response.arrayBuffer(), response.headers.get("Lynceus-Captured-At"));
      else want.due += AGAIN_MS.at(-1);
    } catch {
      want.due += AGAIN_MS[0];
    } finally {
      want.busy = false;
      this.busy--;
    }
  }

  stop() {
    clearInterval(this.timer);
    this.stopped.abort();
    this.seen.disconnect();
  }
}

/** One camera's stream into a picture, begun again whenever it ends. Returns what stops it. */
export function play(picture, id, view, fps) {
  let stopped = false, current = null, timer = 0, tries = 0;
  async function run() {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    const own = current = new AbortController();
    let silence = setTimeout(() => own.abort(), SILENT_MS);
    try {
      const response = await fetch(streamUrl(id, view, fps), { signal: own.signal, cache: "no-store" });
      hearDate(response);
      if (!response.ok) throw new Error(response.status);
      for await (const part of readParts(response.body)) {
        clearTimeout(silence);
        silence = setTimeout(() => own.abort(), SILENT_MS);
        tries = 0;
        picture.show(part.bytes, part.headers.get("lynceus-captured-at"));
      }
    } catch {
      // Ended, or never began: again below.
    }
    clearTimeout(silence);
    if (current === own && !stopped) timer = setTimeout(run, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
  }
  const look = () => {
    if (document.hidden) current?.abort();
    else run();
  };
  document.addEventListener("visibilitychange", look);
  run();
  return () => {
    stopped = true;
    clearTimeout(timer);
    current?.abort();
    document.removeEventListener("visibilitychange", look);
  };
}
