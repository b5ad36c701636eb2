// Elements by one call. What comes from the daemon is set as text, never as markup.
//
//   h("p", { class: "state" }, "streaming")       h("button", { onclick: send, disabled: true }, t("setup.apply"))

const SVG = "http://www.w3.org/2000/svg";

function apply(made, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "muted") made[name] = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
}

function put(made, children) {
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  apply(made, props);
  return put(made, children);
}

export function svg(tag, props = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  apply(made, props);
  return put(made, children);
}

export function fill(root, ...children) {
  root.replaceChildren();
  return put(root, children);
}

/** Sets the text only where it differs: what a screen reader follows is not told again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

let last = 0;
export const newId = (stem = "f") => `${stem}${++last}`;

/** A labelled control: the label is bound by id, not by being near. */
export function field(label, control, hint) {
  control.id ||= newId();
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("small", {}, hint));
}

export function choice(options, chosen, onchange, props = {}) {
  const select = h("select", { onchange: () => onchange(select.value), ...props },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return select;
}

export function button(text, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props }, text);
}
