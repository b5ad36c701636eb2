// Set-up of a camera: one tool at a time, each beginning with what is in force.

import { fill, h } from "../dom.js";
import { get } from "../api.js";
import { why } from "../act.js";
import { t } from "../i18n.js";
import { store } from "../store.js";
import { inForce } from "../tools/settings.js";
import * as ground from "../tools/ground.js";
import * as scale from "../tools/scale.js";
import * as zones from "../tools/zones.js";
import { toYaml } from "../tools/yaml.js";

/** What analyzers learned and would set; to be copied by whoever agrees. */
async function proposals(root, id) {
  const { proposals: all } = await get(`cameras/${encodeURIComponent(id)}/proposals`);
  if (Object.keys(all).length === 0) return;
  fill(root, h("section", { class: "panel" }, h("h2", {}, t("setup.proposed")), h("pre", { class: "yaml", tabindex: 0 }, toYaml(all))));
}

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
  const proposed = h("div");
  const place = h("div", {}, h("p", { class: "wait" }, t("loading")));
  fill(root,
    h("div", { class: "head" }, h("h1", {}, camera.name, h("span", { class: "sub" }, t("camera.setup"))),
      h("a", { href: `#/camera/${encodeURIComponent(id)}` }, t("camera.view"))),
    h("nav", { class: "row", "aria-label": t("camera.setup") }, usable.map((one) =>
      h("a", { href: `${here}/${one}`, class: "badge bare", "aria-current": one === name ? "page" : null }, t(`setup.${one}`)))),
    h("p"), place, h("p"), proposed);
  proposals(proposed, id).catch(() => {});
  inForce(id).then((force) => tools[name].open(place, camera, force), (error) => fill(place, h("p", { class: "message bad" }, why(error))));
}
