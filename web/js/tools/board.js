// A picture to draw on. Points are buttons: dragged with a pointer, moved with the arrow keys, removed with Delete.
//
//   board.draw({ shapes: [{ points, closed: true, className: "area" }], dots: [{ at: [0.2, 0.5], label, move, remove }] })
//
// All coordinates are 0..1 of the picture.

import { button, h, newId, svg } from "../dom.js";
import { hearDate, snapshotUrl } from "../api.js";
import { t } from "../i18n.js";

const STEP = 0.002, LEAP = 0.02;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value) => Math.min(1, Math.max(0, value));

const pathOf = (points, closed) => points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("") + (closed && points.length ? "Z" : "");

export class Board {
  /** add([x, y]): somebody clicked beside every point */
  constructor(camera, add) {
    this.camera = camera;
    this.dots = [];
    const hint = newId("hint");
    this.canvas = h("canvas", { width: 640, height: 360, role: "img", "aria-label": t("picture.of", { name: camera }) });
    this.layer = svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.layer.addEventListener("click", (event) => add(this.at(event)));
    this.area = h("div", { class: "board", role: "group", "aria-describedby": hint, "aria-label": t("camera.setup") }, this.canvas, this.layer);
    this.root = h("div", {}, this.area,
      h("div", { class: "row" }, h("small", { id: hint }, t("setup.board")), button(t("setup.fresh"), () => this.load(), { class: "small push" })));
    this.load();
  }

  async load() {
    try {
      const response = await fetch(snapshotUrl(this.camera, "raw"), { cache: "no-store" });
      hearDate(response);
      if (!response.ok) return;
      const bitmap = await createImageBitmap(await response.blob());
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
      this.canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      this.area.dataset.ready = "yes";
    } catch {
      // No picture: the board stays as it was.
    }
  }

  at(event) {
    const box = this.area.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  draw({ shapes = [], dots = [], lines = [] }) {
    this.layer.replaceChildren(
      ...lines.map(({ points, className }) => svg("path", { class: className, d: broken(points) })),
      ...shapes.map(({ points, closed, className = "" }) => svg("path", { class: `shape ${className} ${closed ? "" : "line"}`, d: pathOf(points, closed) })));
    while (this.dots.length > dots.length) this.dots.pop().remove();
    while (this.dots.length < dots.length) this.dots.push(this.newDot());
    dots.forEach((dot, i) => this.place(this.dots[i], dot));
  }

  place(node, dot) {
    node.dot = dot;
    node.className = `dot ${dot.className ?? ""}`;
    node.style.left = `${dot.at[0] * 100}%`;
    node.style.top = `${dot.at[1] * 100}%`;
    node.textContent = dot.text ?? "";
    node.setAttribute("aria-label", `${dot.label}: ${dot.at.map((value) => `${(value * 100).toFixed(1)} %`).join(", ")}`);
  }

  newDot() {
    const node = h("button", { type: "button", class: "dot" });
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      node.focus();
      event.preventDefault();
    });
    node.addEventListener("pointermove", (event) => {
      if (node.hasPointerCapture(event.pointerId)) node.dot.move(this.at(event));
    });
    node.addEventListener("keydown", (event) => this.key(event, node));
    this.area.append(node);
    return node;
  }

  key(event, node) {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? LEAP : STEP;
      node.dot.move([clamp(node.dot.at[0] + arrow[0] * step), clamp(node.dot.at[1] + arrow[1] * step)]);
    } else if ((event.key === "Delete" || event.key === "Backspace") && node.dot.remove) {
      node.dot.remove();
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** A path that leaves out what is behind the horizon (null) or far outside. */
function broken(points) {
  let text = "", pen = false;
  for (const point of points) {
    const seen = point && point.every((value) => value > -1 && value < 2);
    if (seen) text += `${pen ? "L" : "M"}${point[0].toFixed(5)} ${point[1].toFixed(5)}`;
    pen = Boolean(seen);
  }
  return text;
}
