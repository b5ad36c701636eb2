// A token becomes a cookie that no script can read. The token itself is kept nowhere.

import { fill, field, h, say } from "../dom.js";
import { post } from "../api.js";
import { t } from "../i18n.js";

export function open(root, entered) {
  const token = h("input", { type: "password", autocomplete: "current-password", required: true, spellcheck: "false" });
  const message = h("p", { class: "message bad", role: "alert" });
  const go = h("button", { class: "main" }, t("login.go"));
  const send = async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      await post("login", { token: token.value.trim() });
      await entered();
    } catch (error) {
      say(message, error.status === 401 ? t("login.wrong") : t("error", { why: error.message }));
      token.select();
    } finally {
      go.disabled = false;
    }
  };
  fill(root, h("form", { class: "panel login", onsubmit: send },
    h("h1", {}, t("login.title")), field(t("login.token"), token, t("login.hint")), message, go));
  token.focus();
}
