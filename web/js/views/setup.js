// Set-up of a camera: one tool at a time, each beginning with what is in force.

import { fill, h } from "../dom.js";
import { why } from "../act.js";
import { t } from "../i18n.js";
import { store } from "../store.js";
import { inForce } from "../tools/settings.js";
import * as ground from "../tools/ground.js";
import * as scale from "../tools/scale.js";
import * as zones from "../tools/zones.js";

const tools = { zones, ground, scale };

export function open(root, [id, wanted = "zones"]) {
  const camera = store.cameras.get(id);
  if (!camera) {
    fill(root, h("p", { class: "wait" }, t("camera.gone"), " ", h("a", { href: "#/" }, t("camera.back"))));
    return;
  }
  const here = `#/setup/${encodeURIComponent(id)}`;
  const usable = Object.keys(tools).filter((name) => tools[name].applies?.(camera) ?? true);
  const name = usable.includes(wanted) ? wanted : "zones";
  const place = h("div", {}, h("p", { class: "wait" }, t("loading")));
  fill(root,
    h("div", { class: "head" }, h("h1", {}, camera.name, h("span", { class: "sub" }, t("camera.setup"))),
      h("a", { href: `#/camera/${encodeURIComponent(id)}` }, t("camera.view"))),
    h("nav", { class: "row", "aria-label": t("camera.setup") }, usable.map((one) =>
      h("a", { href: `${here}/${one}`, class: "badge bare", "aria-current": one === name ? "page" : null }, t(`setup.${one}`)))),
    h("p"), place);
  inForce(id).then((force) => tools[name].open(place, camera, force), (error) => fill(place, h("p", { class: "message bad" }, why(error))));
}
