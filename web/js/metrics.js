// The daemon's own metrics, for the page's view of it: enough of Prometheus' text format to read our own.

import { text } from "./api.js";

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const PLAIN = { "\\\\": "\\", "\\\"": "\"", "\\n": "\n" };

export class Metrics {
  constructor(source) {
    this.rows = source.split("\n").map((line) => LINE.exec(line)).filter(Boolean).map(([, name, labels, value]) => ({
      name, value: Number(value),
      labels: Object.fromEntries([...(labels ?? "").matchAll(LABEL)].map(([, key, word]) => [key, word.replace(/\\[\\"n]/g, (c) => PLAIN[c])])),
    }));
  }

  all(name) { return this.rows.filter((row) => row.name === name); }
  value(name) { return this.all(name)[0]?.value ?? null; }

  /** Sums by a label. */
  by(name, label) {
    const sums = new Map();
    for (const row of this.all(name)) sums.set(row.labels[label], (sums.get(row.labels[label]) ?? 0) + row.value);
    return sums;
  }
}

export const readMetrics = async () => new Metrics(await text("/metrics"));
