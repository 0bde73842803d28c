// @ts-check
// The only way from a value to the page. What the server sends is a tree of elements,
// attributes and texts; nothing here ever reads HTML.

const SVG = "http://www.w3.org/2000/svg";
const FORBIDDEN = new Set(["script", "style", "iframe", "object", "embed", "base"]);

/** What the page itself decides of an element. */
const KEPT = new Set(["open", "data-drawn", "data-state", "data-long", "data-touched"]);

/** @typedef {[string, Record<string, string | boolean>, (Tree | string)[]]} Tree */

/**
 * Make an element: `h("p", { class: "note" }, "words")`.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] functions become listeners
 * @param {...(Node | string | number | null | undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = make(tag, false);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, /** @type {any} */ (value));
    else if (value !== null && value !== undefined && value !== false) put(element, name, value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) element.append(child instanceof Node ? child : String(child));
  }
  return /** @type {HTMLElement} */ (element);
}

/** @param {Tree} tree @param {boolean} [drawn] @returns {Element} */
export function build(tree, drawn = false) {
  const [tag, attributes, children] = tree;
  const inside = drawn || tag === "svg";
  const element = make(tag, inside);
  for (const [name, value] of Object.entries(attributes)) put(element, name, value);
  for (const child of children) element.append(typeof child === "string" ? child : build(child, inside));
  return element;
}

/**
 * Make an element that is there look like the tree, touching only what differs: focus,
 * selection, open details and what somebody is typing stay.
 * @param {Element} element @param {Tree} tree @returns {Element}
 */
export function patch(element, tree) {
  const [tag, attributes, children] = tree;
  if (element.localName !== tag) {
    const fresh = build(tree, element.namespaceURI === SVG);
    element.replaceWith(fresh);
    return fresh;
  }
  for (const { name } of [...element.attributes]) {
    const kept = KEPT.has(name) || (name === "hidden" && element.hasAttribute("data-level"));
    if (!(name in attributes) && !kept) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) put(element, name, value);
  // What has taken over its inside draws it by itself.
  if (!element.hasAttribute("data-drawn")) patchChildren(element, children);
  return element;
}

/** Tell it to who does not see the page. @param {string} text */
export function announce(text) {
  const said = document.getElementById("nx-said");
  if (said) said.textContent = text;
}

/** What tells a row or a card from the others beside it. @param {Tree} tree */
const keyOf = ([, facts]) => facts["data-key"] ?? facts["data-card"] ?? null;
/** @param {Element} element */
const keyOfElement = (element) => element.getAttribute("data-key") ?? element.getAttribute("data-card");

/** @param {Element} parent @param {(Tree | string)[]} children */
function patchChildren(parent, children) {
  const keyed = new Map();
  const wanted = new Set(children.map((child) => (typeof child === "string" ? null : keyOf(child))));
  for (const child of [...parent.children]) {
    const key = keyOfElement(child);
    if (key === null) continue;
    // What goes, goes first: nothing that stays has to move for it.
    if (wanted.has(key)) keyed.set(key, child);
    else child.remove();
  }
  let at = passed(parent.firstChild);
  for (const child of children) {
    if (typeof child === "string") {
      at = patchText(parent, at, child);
      continue;
    }
    const key = keyOf(child);
    const known = key === null ? null : keyed.get(key);
    if (known && known !== at) move(parent, known, at);
    const target = known ?? (key === null && at instanceof Element && keyOfElement(at) === null ? at : null);
    if (target) at = passed(patch(target, child).nextSibling);
    else parent.insertBefore(build(child, parent.namespaceURI === SVG), at);
  }
  while (at) {
    const next = passed(at.nextSibling);
    at.remove();
    at = next;
  }
}

/**
 * Where browsers can, without taking it out of the page: focus, drawings, modules stay.
 * @param {Element} parent @param {Element} child @param {ChildNode | null} before
 */
function move(parent, child, before) {
  if ("moveBefore" in parent) /** @type {any} */ (parent).moveBefore(child, before);
  else parent.insertBefore(child, before);
}

/** Past what the page added by itself. @param {ChildNode | null} at */
function passed(at) {
  while (at instanceof Element && at.hasAttribute("data-own")) at = at.nextSibling;
  return at;
}

/** @param {Element} parent @param {ChildNode | null} at @param {string} text */
function patchText(parent, at, text) {
  if (at?.nodeType === Node.TEXT_NODE) {
    if (at.nodeValue !== text) at.nodeValue = text;
    return at.nextSibling;
  }
  parent.insertBefore(document.createTextNode(text), at);
  return at;
}

/** @param {string} tag @param {boolean} drawn */
function make(tag, drawn) {
  if (FORBIDDEN.has(tag.toLowerCase())) throw new TypeError(`no <${tag}> is made here`);
  return drawn ? document.createElementNS(SVG, tag) : document.createElement(tag);
}

/** @param {Element} element @param {string} name @param {unknown} value */
function put(element, name, value) {
  if (/^on|^style$|^srcdoc$/i.test(name)) throw new TypeError(`no attribute ${name} is set here`);
  if (name === "href" && /^\s*(javascript|data|vbscript):/i.test(String(value))) return;
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}
