// Words of the page. English is always there; another language is loaded when it is chosen, and what it lacks is English.
//
//   t("wall.summary", { up: 3, all: 4 })        kind("camera_frozen")        age(12_000)

import en from "./i18n/en.js";

const KEY = "lynceus.language";
export const languages = [["en", "English"], ["zh", "中文"]];
let words = en;
export let language = "en";

/** Chosen here before, else the browser's, where we have it. */
function wanted() {
  const asked = localStorage.getItem(KEY) || navigator.language.slice(0, 2);
  return languages.some(([code]) => code === asked) ? asked : "en";
}

export async function useLanguage(code = wanted()) {
  words = code === "en" ? en : { ...en, ...(await import(`./i18n/${code}.js`)).default };
  language = code;
  document.documentElement.lang = code;
}

export async function chooseLanguage(code) {
  localStorage.setItem(KEY, code);
  await useLanguage(code);
}

export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** "camera_frozen" → "Camera frozen", for words of the daemon and its plugins that no table knows. */
function plain(word) {
  const spaced = word.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const known = (group, word) => (word ? words[`${group}.${word}`] ?? plain(word) : "");
export const kind = (word) => known("kind", word);
export const state = (word) => known("state", word);
export const severity = (word) => known("severity", word);
export const view = (word) => known("view", word);
export const measured = (word) => known("measured", word);

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** "12 s": how long, in the greatest unit that is full. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  const value = Math.floor(seconds / length);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

export const age = (ms) => t("age", { span: span(ms) });

export function time(text) {
  if (!text) return "";
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, { ...(today ? {} : { dateStyle: "short" }), timeStyle: "medium", hourCycle: "h23" }).format(at);
}

export const exactTime = (text) =>
  text ? new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" }).format(new Date(text)) : "";

const SIGNS = { celsius: "°C", kelvin: "K", "kelvin/min": "K/min", fraction: "", px: "px" };

/** A figure as people write it: three digits that matter, no more. */
export function figure(value, unit) {
  if (value === null || value === undefined) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return unit ? `${number} ${SIGNS[unit] ?? unit}`.trim() : number;
}
