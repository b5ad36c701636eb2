// Settings as they would stand in the file: maps in blocks, lists in one line.

const PLAIN = /^[A-Za-z_][\w .\/-]*$/;
const WORDS = new Set(["true", "false", "null", "yes", "no", "on", "off"]);

export const rounded = (value, digits = 4) => Number(value.toFixed(digits));

function scalar(value) {
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) && !WORDS.has(value.toLowerCase()) ? value : JSON.stringify(value);
}

const flow = (value) => (Array.isArray(value) ? `[${value.map(flow).join(", ")}]` : scalar(value));

export function toYaml(value, indent = "") {
  return Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => {
    if (Array.isArray(inner) || typeof inner !== "object" || inner === null) return `${indent}${key}: ${flow(inner)}\n`;
    return Object.keys(inner).length === 0 ? `${indent}${key}: {}\n` : `${indent}${key}:\n${toYaml(inner, `${indent}  `)}`;
  }).join("");
}
