// The end of every tool: the YAML of what was drawn, to copy, and for an admin a button that puts it in force.

import { button, h, say } from "../dom.js";
import { doing, why } from "../act.js";
import { t } from "../i18n.js";
import { store } from "../store.js";
import { apply, drop } from "./settings.js";
import { toYaml } from "./yaml.js";

export class Send {
  /** make(): {part, error}; keys: what `part` has, replaced as a whole unless `merge` */
  constructor(camera, make, keys, { merge = false } = {}) {
    this.camera = camera;
    this.make = make;
    this.text = h("pre", { class: "yaml", tabindex: 0, "aria-label": t("setup.yaml") });
    this.message = h("p", { class: "message", role: "status" });
    const send = async () => {
      const { part, error } = make();
      if (error) return this.tell(error, "bad");
      await apply(camera, part, merge ? [] : keys);
      this.tell(t("setup.applied"), "fine");
      await store.look();
    };
    const back = async () => {
      if (!confirm(t("setup.drop.sure"))) return;
      await drop(camera, keys);
      location.reload();
    };
    const report = (failed) => this.tell(why(failed), "bad");
    const admin = store.may("admin");
    this.root = h("div", {}, h("h3", {}, t("setup.yaml")), this.text, this.message, h("div", { class: "row" },
      admin && button(t("setup.apply"), (event) => doing(event.currentTarget, send, report), { class: "main", "data-do": "apply" }),
      button(t("setup.copy"), () => this.copy()),
      admin && button(t("setup.drop"), (event) => doing(event.currentTarget, back, report), { class: "plain push" })),
      !admin && h("small", {}, t("setup.onlyadmin")));
  }

  tell(text, className) {
    this.message.className = `message ${className}`;
    say(this.message, text);
  }

  /** After each change of the drawing. */
  draw() {
    const { part, error } = this.make();
    this.text.textContent = part ? toYaml({ cameras: { [this.camera]: part } }) : "";
    this.tell(error ?? "", error ? "bad" : "");
  }

  async copy() {
    await navigator.clipboard?.writeText(this.text.textContent).then(() => this.tell(t("setup.copied"), "fine"), () => this.select());
  }

  /** Where the browser allows no copying (plain HTTP), it is ready to be copied by hand. */
  select() { getSelection().selectAllChildren(this.text); }
}
