// The page begins here: who is asking, then the frame with the view that the address names (#/camera/lobby).
//
// A view is a module with open(root, words) → close. Views but the wall are loaded when they are first looked at.

import { fill, h } from "./dom.js";
import { get, lost, Unreachable } from "./api.js";
import { tell } from "./act.js";
import { buildFrame, mark, refreshFrame } from "./frame.js";
import { t, useLanguage } from "./i18n.js";
import { store } from "./store.js";
import * as wall from "./views/wall.js";

const AGAIN_MS = 2000, LATER_MS = 3000;
const views = {
  "": async () => wall,
  camera: () => import("./views/camera.js"),
  setup: () => import("./views/setup.js"),
  alarms: () => import("./views/alarms.js"),
  deliveries: () => import("./views/deliveries.js"),
  system: () => import("./views/system.js"),
};
const content = document.getElementById("content");
let close = () => {};
let turn = 0;
let inside = false;

/** The latest address wins when several are asked for before the first view is there. */
async function show() {
  if (!inside) return;
  const own = ++turn;
  const [name = "", ...words] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const view = await (views[name] ?? views[""])().catch((error) => tell(t("error", { why: error.message })));
  if (own !== turn || !view) return;
  close();
  fill(content);
  store.listen(view.observes ?? false);
  close = view.open(content, words) ?? (() => {});
  mark(name);
}

async function enter() {
  if (inside) return;
  try {
    store.session = await get("session");
    store.version = await get("version");
    await store.refresh();
  } catch (error) {
    if (error.status === 401) return login();
    fill(content, h("p", { class: "wait" }, error instanceof Unreachable ? t("connecting") : error.message));
    setTimeout(enter, AGAIN_MS);
    return;
  }
  inside = true;
  buildFrame({ again: redraw });
  store.start();
  show();
  setTimeout(loadAll, LATER_MS);
}

/** The views not looked at yet: they are there when they are wanted, also while the daemon is not. */
function loadAll() {
  for (const load of Object.values(views)) load().catch(() => {});
}

async function login() {
  inside = false;
  turn++;
  close();
  close = () => {};
  store.stop();
  buildFrame(null);
  const view = await import("./views/login.js");
  fill(content);
  view.open(content, enter);
}

/** Another language: everything is written again. */
function redraw() {
  refreshFrame();
  show();
}

lost.addEventListener("session", () => { if (inside) login(); });
window.addEventListener("hashchange", () => {
  if (location.hash === "#content") return;
  show().then(() => content.focus({ preventScroll: true }));
});
// A fragment of this page's own, not a view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});

await useLanguage().catch(() => {});
enter();
