// A camera's settings: what is in force (from the file or from here), and what is sent. What a tool does not change stays.

import { get, put, remove } from "../api.js";
import { store } from "../store.js";

/** A value of /api/v1/config, which is text as YAML has it. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    const list = /^\[(.*)\]$/.exec(text);
    return list ? list[1].split(",").map((word) => word.trim()).filter(Boolean) : text;
  }
}

function place(root, path, value) {
  const last = path.at(-1);
  let at = root;
  for (const key of path.slice(0, -1)) at = at[key] ??= {};
  at[last] = value;
}

/** Everything of the camera that somebody set, as a tree; {} for who may not know. */
export async function inForce(id) {
  const tree = {};
  if (!store.may("admin")) return tree;
  const { values } = await get("config");
  const prefix = `cameras.${id}.`;
  for (const { key, value, where } of values) {
    if (where !== "default" && key.startsWith(prefix)) place(tree, key.slice(prefix.length).split("."), parsed(value));
  }
  return tree;
}

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** `over` goes over `under` key by key; undefined takes a key away. */
export function merged(under, over) {
  const out = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) delete out[key];
    else out[key] = isMap(value) && isMap(out[key]) ? merged(out[key], value) : value;
  }
  return out;
}

const path = (id) => `cameras/${encodeURIComponent(id)}/settings`;

/** part: {zones, lines, …}; `whole` names the keys that are replaced, not merged. */
export async function apply(id, part, whole = []) {
  const now = await get(path(id));
  for (const key of whole) delete now[key];
  return put(path(id), merged(now, part));
}

/** Takes keys away from what was set here; without any of it left nothing is kept. */
export async function drop(id, keys) {
  const now = await get(path(id));
  for (const key of keys) delete now[key];
  return Object.keys(now).length === 0 ? remove(path(id)) : put(path(id), now);
}
