// Curves of one measurement over time as SVG; its newest figures beside its name, and the figures under the pointer.

import { h, say, svg } from "./dom.js";
import { figure, measured, time } from "./i18n.js";

const WIDTH = 400, HEIGHT = 120, LEFT = 40, BOTTOM = 16, TOP = 6;
const GAP_STEPS = 3;  // no value for so many steps: the curve is broken, not drawn straight over it
const COLOURS = 6;

const label = (series) => Object.values(series.labels).filter(Boolean).join(" · ");

function extent(points) {
  let low = Infinity, high = -Infinity;
  for (const [, value] of points) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, 1e-6);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** A path with a new piece after each gap. */
function path(points, x, y, stepMs) {
  let text = "", last = -Infinity;
  for (const [at, value] of points) {
    if (value === null) continue;
    text += `${at - last > GAP_STEPS * stepMs ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    last = at;
  }
  return text;
}

export class Plot {
  constructor(name) {
    this.name = name;
    this.now = h("span", { class: "now" });
    this.keys = h("span", { class: "row" });
    this.chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
    this.root = h("figure", { class: "plot" }, h("figcaption", { class: "row" }, h("h3", {}, measured(name)), this.keys, this.now), this.chart);
    this.root.style.margin = "0";
    this.chart.addEventListener("pointermove", (event) => this.point(event));
    this.chart.addEventListener("pointerleave", () => this.newest());
  }

  draw(series, from, until, stepSeconds) {
    this.series = series.slice(0, COLOURS).map((one) => ({ ...one, points: one.points.map(([at, value]) => [Date.parse(at), value]) }));
    this.range = [from, until];
    const [low, high] = extent(this.series.flatMap((one) => one.points));
    const x = (at) => LEFT + ((at - from) / (until - from)) * (WIDTH - LEFT);
    const y = (value) => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
    const unit = series[0].unit;
    this.chart.replaceChildren(
      ...[low, (low + high) / 2, high].flatMap((value) => [
        svg("line", { class: "rule", x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value) }),
        svg("text", { x: LEFT - 4, y: y(value) + 3, "text-anchor": "end" }, figure(value))]),
      svg("text", { x: LEFT, y: HEIGHT - 2 }, time(new Date(from).toISOString()).slice(0, 5)),
      svg("text", { x: WIDTH, y: HEIGHT - 2, "text-anchor": "end" }, time(new Date(until).toISOString()).slice(0, 5)),
      ...this.series.map((one, i) => svg("path", { class: `curve c${i}`, d: path(one.points, x, y, stepSeconds * 1000) })));
    this.chart.setAttribute("aria-label", `${measured(this.name)}: ${this.text((points) => points.at(-1))}`);
    this.keys.replaceChildren(...(this.series.length < 2 ? [] : this.series.map((one, i) =>
      h("span", { class: "key" }, svg("svg", { viewBox: "0 0 14 6", "aria-hidden": "true" },
        svg("path", { class: `curve c${i}`, d: "M0 3 L14 3" })), label(one)))));
    this.unit = unit;
    this.newest();
  }

  text(pick) {
    return this.series.map((one) => figure(pick(one.points)?.[1] ?? null, this.unit ?? one.unit)).join(" / ");
  }

  newest() { say(this.now, this.text((points) => points.at(-1))); }

  point(event) {
    const box = this.chart.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT);
    const at = this.range[0] + share * (this.range[1] - this.range[0]);
    const nearest = (points) => points.reduce((best, one) => (Math.abs(one[0] - at) < Math.abs((best?.[0] ?? Infinity) - at) ? one : best), null);
    say(this.now, `${time(new Date(at).toISOString())}: ${this.text(nearest)}`);
  }
}

/** What people come for first: temperatures and numbers of people or things; how sharp the picture is last. */
function rank({ unit, name, plugin }) {
  if (unit === "celsius" || ["people", "targets", "distancing_violations"].includes(name)) return 0;
  return plugin === "health" ? 2 : 1;
}

/** Series of the same name together. */
export function grouped(series) {
  const groups = new Map();
  for (const one of series) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return [...groups].sort(([, [a]], [, [b]]) => rank(a) - rank(b));
}
