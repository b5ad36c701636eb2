// Zones, lines and the floor's grid over a live picture, for whoever may read the configuration. Off until it is asked for.

import { button, svg } from "../dom.js";
import { doing } from "../act.js";
import { t } from "../i18n.js";
import { gridLines, niceStep } from "../tools/homography.js";
import { inForce } from "../tools/settings.js";

/** The same letters' box as the canvas: both keep the picture's shape and stand in the middle. */
class Layer {
  constructor(picture) {
    this.canvas = picture.canvas;
    this.root = svg("svg", { class: "marks", "aria-hidden": "true" });
    this.canvas.addEventListener("resized", () => this.draw());
    picture.root.append(this.root);
  }

  draw() {
    const { width, height } = this.canvas;
    const place = ([x, y]) => `${(x * width).toFixed(1)} ${(y * height).toFixed(1)}`;
    const path = (points, className) => svg("path", { class: className, d: points.map((point, i) => `${i ? "L" : "M"}${place(point)}`).join("") });
    const name = (text, [x, y]) => svg("text", { x: x * width + 4, y: y * height - 5, "font-size": height / 28 }, text);
    const force = this.force ?? {}, floor = force.ground?.homography;
    this.root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.root.replaceChildren(
      ...(floor ? gridLines(floor.image, floor.metres, niceStep(floor.metres)).flatMap((line) => pieces(line)).map((line) => path(line, "grid")) : []),
      ...Object.entries(force.zones ?? {}).flatMap(([id, zone]) =>
        [path([...zone.polygon, zone.polygon[0]], "zone"), name(id, zone.polygon[0])]),
      ...Object.entries(force.lines ?? {}).flatMap(([id, line]) => [path([line.from, line.to], "zone"), name(id, line.from)]));
  }
}

/** What is in front of the camera and in the picture, in pieces of at least two points. */
function pieces(points) {
  const out = [[]];
  for (const point of points) {
    if (point && point.every((value) => value >= 0 && value <= 1)) out.at(-1).push(point);
    else if (out.at(-1).length > 0) out.push([]);
  }
  return out.filter((piece) => piece.length > 1);
}

/** A button that shows and hides them; read anew each time it is pressed. */
export function marksButton(picture, id) {
  const layer = new Layer(picture);
  layer.root.toggleAttribute("hidden", true);
  const press = async () => {
    const show = toggle.getAttribute("aria-pressed") !== "true";
    if (show) {
      layer.force = await inForce(id);
      layer.draw();
    }
    toggle.setAttribute("aria-pressed", String(show));
    layer.root.toggleAttribute("hidden", !show);
  };
  const toggle = button(t("camera.marks"), (event) => doing(event.currentTarget, press), { "aria-pressed": "false", "data-do": "marks" });
  return toggle;
}
