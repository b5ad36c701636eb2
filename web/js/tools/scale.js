// Where a thermal picture has its bar of colours, what its ends mean, and the area that others are compared with.

import { button, choice, field, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { Board } from "./board.js";
import { Send } from "./send.js";
import { rounded } from "./yaml.js";

const PLUGIN = "pipes";  // the one analytic that reads a scale
export const applies = (camera) => camera.analyzers.some((one) => one.plugin === PLUGIN);

/** Two corners of a bar given as [x, y, w, h] in shares of the picture; in pixels it is drawn anew. */
function cornersOf(bar) {
  if (!Array.isArray(bar) || bar.length !== 4 || bar.some((value) => value > 1)) return [];
  return [[bar[0], bar[1]], [bar[0] + bar[2], bar[1] + bar[3]]];
}

const box = ([[ax, ay], [bx, by]]) => [Math.min(ax, bx), Math.min(ay, by), Math.abs(ax - bx), Math.abs(ay - by)];

export function open(root, camera, force) {
  const known = force.analyzers?.[PLUGIN] ?? {};
  const marks = { bar: cornersOf(known.scale?.bar), area: (known.over_temperature?.reference ?? []).map((point) => [...point]) };
  let mode = "bar";
  const figures = { low: null, high: null };
  for (const name of ["low", "high"]) {
    figures[name] = h("input", { type: "number", step: "any", value: known.scale?.[name] ?? "", placeholder: t("scale.auto"), oninput: () => draw() });
  }
  const unit = choice([["auto", t("scale.auto")], ["C", "°C"], ["F", "°F"]], known.scale?.unit ?? "auto", () => draw());
  const board = new Board(camera.id, (point) => add(point));
  const send = new Send(camera.id, () => ({ part: part(), error: null }), ["analyzers"], { merge: true });
  const modes = h("div", { class: "group", role: "group" }, ["bar", "area"].map((name) =>
    button(t(`scale.${name}`), () => { mode = name; draw(); }, { "data-mode": name })));

  function part() {
    const scale = {};
    if (marks.bar.length === 2) scale.bar = box(marks.bar).map((value) => rounded(value));
    for (const name of ["low", "high"]) if (figures[name].value !== "") scale[name] = Number(figures[name].value);
    if (unit.value !== "auto") scale.unit = unit.value;
    const options = {};
    if (Object.keys(scale).length > 0) options.scale = scale;
    if (marks.area.length > 2) options.over_temperature = { reference: marks.area.map((point) => point.map((value) => rounded(value))) };
    return { analyzers: { [PLUGIN]: options } };
  }

  function add(point) {
    if (mode === "bar" && marks.bar.length >= 2) marks.bar.length = 0;
    marks[mode].push(point);
    draw();
  }

  function dots(name) {
    return marks[name].map((at, i) => ({
      at, text: String(i + 1), className: name === "area" ? "mark" : "", label: t("setup.point", { n: i + 1, name: t(`scale.${name}`) }),
      move: (to) => { marks[name][i] = to; draw(); }, remove: () => { marks[name].splice(i, 1); draw(); } }));
  }

  function draw() {
    for (const one of modes.children) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    const shapes = [{ points: marks.area, closed: true, className: "area" }];
    if (marks.bar.length === 2) {
      const [x, y, w, hgt] = box(marks.bar);
      shapes.push({ points: [[x, y], [x + w, y], [x + w, y + hgt], [x, y + hgt]], closed: true });
    }
    board.draw({ shapes, dots: [...dots("bar"), ...dots("area")] });
    send.draw();
  }

  fill(root, h("div", { class: "setup" },
    h("section", { class: "panel" }, board.root),
    h("section", { class: "panel" },
      h("p", {}, t("scale.how")), modes, button(t("setup.addpoint"), () => add([0.5, 0.5])), h("p"),
      h("div", { class: "row ends" }, field(t("scale.low"), figures.low), field(t("scale.high"), figures.high), field(t("scale.unit"), unit)),
      h("p"), send.root)));
  draw();
}
