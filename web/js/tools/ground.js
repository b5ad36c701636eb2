// Four points of the floor and their distances: the homography, shown as a grid in metres, with a ruler to check it by.

import { button, choice, field, fill, h, say } from "../dom.js";
import { figure, t } from "../i18n.js";
import { Board } from "./board.js";
import { convex, gridLines, homography, likePicture, map, niceStep, quadrangle } from "./homography.js";
import { Send } from "./send.js";
import { rounded } from "./yaml.js";

const MOST_M = 1000;

function number(value, label, changed, { least = 0.05 } = {}) {
  const input = h("input", { type: "number", min: least, max: MOST_M, step: "any", value, oninput: changed, inputmode: "decimal" });
  return { input, root: field(label, input), get: () => Number(input.value) };
}

/** Each way to say where the points are: its inputs, and the metres they give, or null. */
function ways(known, changed) {
  const distance = (a, b) => (known ? rounded(Math.hypot(known[a][0] - known[b][0], known[a][1] - known[b][1]), 3) : "");
  const width = number(distance(0, 1), t("ground.width"), changed), depth = number(distance(1, 2), t("ground.depth"), changed);
  const pairs = [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]];
  const sides = pairs.map(([a, b], i) =>
    number(distance(a, b), t(i === 4 ? "ground.diagonal" : "ground.side", { a: a + 1, b: b + 1 }), changed));
  const axes = [0, 1, 2, 3].flatMap((i) => [0, 1].map((axis) =>
    number(known ? known[i][axis] : "", `${i + 1} ${axis ? "Y" : "X"}`, changed, { least: -MOST_M })));
  const positive = (all) => all.every((one) => one.get() > 0);
  return {
    rectangle: {
      fields: [width, depth], mirror: true,
      metres: () => positive([width, depth]) ? [[0, 0], [width.get(), 0], [width.get(), depth.get()], [0, depth.get()]] : null },
    distances: { fields: sides, mirror: true, metres: () => (positive(sides) ? quadrangle(...sides.map((one) => one.get())) : null) },
    coordinates: {
      fields: axes, mirror: false,
      metres: () => axes.every((one) => one.input.value !== "") ? [0, 1, 2, 3].map((i) => [axes[2 * i].get(), axes[2 * i + 1].get()]) : null },
  };
}

const isRectangle = (m) => {
  const rect = quadrangle(...[[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]].map(([a, b]) => Math.hypot(m[a][0] - m[b][0], m[a][1] - m[b][1])));
  return rect !== null && Math.abs(rect[2][0] - rect[1][0]) < 1e-3 && Math.abs(rect[3][0]) < 1e-3;
};

export function open(root, camera, force) {
  const before = force.ground?.homography;
  const points = before?.image?.map((point) => [...point]) ?? [];
  const marks = [];  // the ruler's two ends
  let measuring = false;
  let way = before && !isRectangle(before.metres) ? "coordinates" : "rectangle";
  const all = ways(before?.metres, () => draw());
  const inputs = h("div", { class: "row ends" });
  const told = h("p", { role: "status" });
  const ruler = h("p", { role: "status", class: "figure" });
  const board = new Board(camera.id, (point) => add(point));
  const send = new Send(camera.id, () => result(), ["ground"]);
  const measure = button(t("ground.measure"), () => {
    measuring = !measuring;
    if (measuring && marks.length === 0) marks.push([0.45, 0.7], [0.55, 0.7]);
    draw();
  }, { "aria-pressed": "false" });

  function add(point) {
    if (points.length < 4) points.push(point);
    draw();
  }

  function solved() {
    if (points.length < 4) return { error: t("ground.four") };
    const given = all[way].metres();
    if (!given) return { error: t("ground.impossible") };
    const metres = all[way].mirror ? likePicture(given, points) : given;
    if (!convex(points) || !convex(metres)) return { error: t("ground.bad") };
    return { metres };
  }

  function result() {
    const { metres, error } = solved();
    if (error) return { part: null, error };
    const short = (list, digits) => list.map((point) => point.map((value) => rounded(value, digits)));
    return { part: { ground: { homography: { image: short(points, 4), metres: short(metres, 3) } } }, error: null };
  }

  function draw() {
    const { metres } = solved();
    const step = metres ? niceStep(metres) : 0;
    const lines = metres ? gridLines(points, metres, step).map((line) => ({ points: line, className: "grid" })) : [];
    if (measuring) lines.push({ points: marks, className: "ruler" });
    board.draw({
      lines,
      shapes: [{ points, closed: points.length > 2 }],
      dots: [...points.map((at, i) => ({
        at, text: String(i + 1), label: t("setup.point", { n: i + 1, name: t("setup.ground") }),
        move: (to) => { points[i] = to; draw(); }, remove: () => { points.splice(i, 1); draw(); } })),
      ...(measuring ? marks.map((at, i) => ({
        at, text: "", className: "mark", label: t("setup.point", { n: i + 1, name: t("ground.measure") }),
        move: (to) => { marks[i] = to; draw(); } })) : [])],
    });
    say(told, metres ? t("ground.grid", { step: figure(step) }) : "");
    measure.setAttribute("aria-pressed", String(measuring));
    measure.disabled = !metres;
    say(ruler, metres && measuring ? distance(metres) : "");
    send.draw();
  }

  function distance(metres) {
    const toFloor = homography(points, metres);
    const [a, b] = marks.map((mark) => map(toFloor, mark, Math.sign(toFloor[6] * points[0][0] + toFloor[7] * points[0][1] + toFloor[8])));
    return a && b ? t("ground.measured", { metres: figure(Math.hypot(a[0] - b[0], a[1] - b[1])) }) : "";
  }

  function choose(name) {
    way = name;
    fill(inputs, all[way].fields.map((one) => one.root));
    draw();
  }

  fill(root, h("div", { class: "setup" },
    h("section", { class: "panel" }, board.root),
    h("section", { class: "panel" },
      h("p", {}, t("ground.how")),
      field(t("ground.mode"), choice(Object.keys(all).map((name) => [name, t(`ground.${name}`)]), way, choose)),
      h("p"), inputs, told,
      h("div", { class: "row" }, measure, button(t("setup.addpoint"), () => add([0.5, 0.5])),
        button(t("ground.clear"), () => { points.length = 0; draw(); })),
      ruler, send.root)));
  choose(way);
}
