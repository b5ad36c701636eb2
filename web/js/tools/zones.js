// Zones and crossing lines drawn on the picture.

import { button, field, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { Board } from "./board.js";
import { Send } from "./send.js";
import { rounded } from "./yaml.js";

const NAME = /^[a-z0-9_-]{1,63}$/;
const shorter = (points) => points.map((point) => point.map((value) => rounded(value)));

/** What is in force as shapes: {kind, name, points, analyzers, options}. */
function shapesOf(force) {
  const zones = Object.entries(force.zones ?? {}).map(([name, zone]) =>
    ({ kind: "zone", name, points: zone.polygon ?? [], analyzers: zone.analyzers, options: zone.options }));
  const lines = Object.entries(force.lines ?? {}).map(([name, line]) =>
    ({ kind: "line", name, points: [line.from, line.to].filter(Boolean), analyzers: line.analyzers }));
  return [...zones, ...lines];
}

function freeName(shapes, stem) {
  const names = new Set(shapes.map((shape) => shape.name));
  for (let i = 1; ; i++) if (!names.has(`${stem}${i}`)) return `${stem}${i}`;
}

function problem(shapes) {
  for (const shape of shapes) {
    if (!NAME.test(shape.name)) return t("zones.badname", { name: shape.name });
    if (shapes.some((other) => other !== shape && other.kind === shape.kind && other.name === shape.name)) return t("zones.same", { name: shape.name });
    if (shape.points.length < (shape.kind === "zone" ? 3 : 2)) return t("zones.few", { name: shape.name });
  }
  return null;
}

function settingsOf(shapes) {
  const part = { zones: {}, lines: {} };
  for (const { kind, name, points, analyzers, options } of shapes) {
    const all = shorter(points);
    if (kind === "zone") part.zones[name] = { polygon: all, analyzers, options };
    else part.lines[name] = { from: all[0], to: all[1], analyzers };
  }
  return part;
}

export function open(root, camera, force) {
  const shapes = shapesOf(force);
  let chosen = shapes[0] ?? null;
  const list = h("ul", { class: "shapes", "aria-label": t("zones.list") });
  const board = new Board(camera.id, (point) => addPoint(point));
  const send = new Send(camera.id, () => ({ part: settingsOf(shapes), error: problem(shapes) }), ["zones", "lines"]);

  function make(kind) {
    chosen = { kind, name: freeName(shapes, kind), points: [] };
    shapes.push(chosen);
    drawList();
    draw();
  }

  function addPoint(point) {
    if (!chosen) make("zone");
    if (chosen.kind === "line" && chosen.points.length >= 2) return;
    chosen.points.push(point);
    draw();
  }

  function draw() {
    board.draw({
      shapes: shapes.map((shape) => ({ points: shape.points, closed: shape.kind === "zone", className: shape === chosen ? "" : "other" })),
      dots: (chosen?.points ?? []).map((at, i) => ({
        at, text: String(i + 1), label: t("setup.point", { n: i + 1, name: chosen.name }),
        move: (to) => { chosen.points[i] = to; draw(); },
        remove: () => { chosen.points.splice(i, 1); draw(); },
      })),
    });
    for (const item of list.children) item.count.textContent = t("zones.points", { count: item.shape.points.length });
    send.draw();
  }

  function drawList() {
    fill(list, shapes.length === 0 ? h("li", {}, t("zones.none")) : shapes.map(item));
    for (const one of list.children) if (!one.shape) { one.shape = { points: [] }; one.count = h("span"); }
  }

  function choose(shape) {
    if (chosen === shape) return;
    chosen = shape;
    for (const one of list.children) one.classList.toggle("chosen", one.shape === shape);
    draw();
  }

  function item(shape) {
    const name = h("input", { value: shape.name, spellcheck: "false", oninput: () => { shape.name = name.value.trim(); draw(); } });
    const count = h("small");
    const node = h("li", { class: shape === chosen ? "chosen" : "", onfocusin: () => choose(shape), onclick: () => choose(shape) },
      h("div", { class: "row ends" }, field(t(`zones.${shape.kind}`), name), count),
      checks(shape),
      h("div", { class: "row" }, button(t("setup.addpoint"), () => { choose(shape); addPoint([0.5, 0.5]); }, { class: "small" }),
        button(t("zones.remove"), () => remove(shape), { class: "small" })));
    node.shape = shape;
    node.count = count;
    return node;
  }

  /** No tick: for every analyzer of the camera. */
  function checks(shape) {
    const set = h("fieldset", { class: "checks" }, h("legend", {}, `${t("zones.analyzers")} (${t("zones.every")})`),
      camera.analyzers.map(({ plugin }) => {
        const box = h("input", { type: "checkbox", checked: shape.analyzers?.includes(plugin) ?? false, onchange: () => {
          const rest = (shape.analyzers ?? []).filter((other) => other !== plugin);
          const all = box.checked ? [...rest, plugin] : rest;
          shape.analyzers = all.length ? all : undefined;
          draw();
        } });
        return h("label", {}, box, ` ${plugin}`);
      }));
    return set;
  }

  function remove(shape) {
    shapes.splice(shapes.indexOf(shape), 1);
    chosen = shapes[0] ?? null;
    drawList();
    draw();
  }

  fill(root, h("div", { class: "setup" },
    h("section", { class: "panel" }, board.root),
    h("section", { class: "panel" },
      h("div", { class: "row" }, button(t("zones.zone"), () => make("zone"), { "data-do": "zone" }), button(t("zones.line"), () => make("line"), { "data-do": "line" })),
      h("p"), list, send.root)));
  drawList();
  draw();
}
