// The figures that stand on a camera's card. By what is measured, never by which plugin measured it: a new analytic that
// tells the number of people or a temperature is shown like any other.

import { figure, measured } from "./i18n.js";

const MOST = 3;
const hottest = (m) => m.unit === "celsius" && (m.labels.stat ?? "max") === "max";
const whole = (m) => Object.values(m.labels).every((value) => value === "");
const RULES = [
  { when: (m) => m.name === "people" && whole(m), text: (m) => figure(m.value), word: () => measured("people") },
  { when: (m) => m.name.endsWith("temperature_celsius") && hottest(m), text: (m) => figure(m.value, "celsius"), word: () => "" },
  { when: (m) => m.name === "targets" && whole(m), text: (m) => figure(m.value), word: () => measured("targets") },
];

/** [{word, text}] of a camera's newest observations. */
export function headline(observation) {
  const found = [];
  for (const plugin of observation?.plugins ?? []) {
    for (const rule of RULES) {
      const all = plugin.measurements.filter((m) => m.value !== null && rule.when(m));
      if (all.length === 0) continue;
      const greatest = all.reduce((a, b) => (b.value > a.value ? b : a));
      found.push({ word: rule.word(), text: rule.text(greatest) });
    }
    const seen = plugin.entities.filter((entity) => entity.label).length;
    if (seen > 0 && !found.length) found.push({ word: measured(plugin.entities[0].label), text: figure(seen) });
  }
  return found.slice(0, MOST);
}
