// Our own look at the page for people who cannot see it well, or use no pointer. Returns what is wrong, in words.

const trouble = [];
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}${typeof e.className === "string" && e.className ? `.${e.className.trim().split(/\s+/).join(".")}` : ""} "${(e.textContent || "").trim().slice(0, 30)}"`;

// ---- names ----
function labelOf(e) {
  const by = (e.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const own = ["BUTTON", "A", "SUMMARY"].includes(e.tagName) ? e.textContent : "";
  return (e.getAttribute("aria-label") || by || [...(e.labels ?? [])].map((l) => l.textContent).join(" ") || e.getAttribute("alt") || own || e.title || "").trim();
}
for (const e of document.querySelectorAll("a[href], button, input, select, textarea, video, canvas[role=img], svg[role=img], [role=region], dialog[open]"))
  if (shown(e) && !labelOf(e)) trouble.push(`no name: ${name(e)}`);
for (const e of document.querySelectorAll("img")) if (!e.hasAttribute("alt")) trouble.push(`no alt: ${name(e)}`);

// ---- structure ----
if ([...document.querySelectorAll("h1")].filter(shown).length !== 1) trouble.push("not one h1");
if (document.querySelectorAll("main").length !== 1) trouble.push("not one main");
if (!document.documentElement.lang) trouble.push("no language");
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) trouble.push(`two of id ${id}`);
for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) trouble.push(`tabindex above 0: ${name(e)}`);
for (const e of document.querySelectorAll("th")) if (!e.textContent.trim()) trouble.push("an empty th");
if (document.documentElement.scrollWidth > innerWidth + 1) trouble.push(`wider than the window: ${document.documentElement.scrollWidth}`);

// ---- contrast: 4.5 for text, 3 for large text (WCAG 2.2, 1.4.3) ----
const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
function ground(e) {
  const layers = [];
  for (let at = e; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour[3] > 0) layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let least = 99;
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !shown(e) || e.closest("noscript, script, button:disabled, option, .skip:not(:focus)")) continue;
  const style = getComputedStyle(e), back = ground(e);
  const ink = over(parse(e.closest("svg") ? style.fill : style.color), back);
  const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
  const ratio = (high + 0.05) / (low + 0.05), size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  least = Math.min(least, ratio);
  if (ratio < (large ? 3 : 4.5)) trouble.push(`contrast ${ratio.toFixed(2)}: ${name(e)}`);
}
return { trouble: [...new Set(trouble)], least };
