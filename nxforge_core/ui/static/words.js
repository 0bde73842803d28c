// @ts-check
// Times as the reader's clock has them, ages that grow, words in the reader's language.

const lang = document.documentElement.lang || undefined;
const full = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium" });
const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 3 });

/** @type {Record<string, string>} */
const said = JSON.parse(globalThis.document?.body?.dataset.words ?? "{}");

/**
 * A text in the reader's language: `say("{n} of {all}", { n, all })`. The server finds
 * these calls by their first argument, which is a text in double quotes.
 * @param {string} text @param {Record<string, unknown>} [values] @returns {string}
 */
export const say = (text, values = {}) =>
  (said[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/** @param {number} value @param {string} [unit] */
export const quantity = (value, unit = "") => (unit ? `${number.format(value)}\u00a0${unit}` : number.format(value));

/** @param {number | Date} at */
export const instant = (at) => full.format(at);

/** @param {number} seconds */
export function length(seconds) {
  const space = "\u00a0";
  if (seconds < 60) return `${Math.floor(seconds)}${space}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${space}min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}${space}h`;
  return `${Math.floor(seconds / 86400)}${space}d`;
}

/** @param {number} at */
function ago(at) {
  const seconds = (Date.now() - at) / 1000;
  return seconds >= 0
    ? say("{span} ago", { span: length(seconds) })
    : say("in {span}", { span: length(-seconds) });
}

/** Every time below the element in the reader's own zone; UTC stays as its title.
 * @param {ParentNode} root */
export function localize(root) {
  for (const element of root.querySelectorAll("time[data-time], time[data-age]")) {
    const at = Date.parse(element.getAttribute("datetime") ?? "");
    if (Number.isNaN(at)) continue;
    const text = element.hasAttribute("data-age") ? ago(at) : instant(at);
    if (element.textContent !== text) element.textContent = text;
    const title = `${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC`;
    if (element.getAttribute("title") !== title) element.setAttribute("title", title);
  }
}

/** Let ages grow. */
export function startClock() {
  localize(document);
  setInterval(() => {
    if (!document.hidden) localize(document);
  }, 1000);
}
