// @ts-check
// Cards that stay fresh, and links that change one card instead of the whole page.

import { build, patch } from "./dom.js";
import { isPaused, onChange } from "./stream.js";
import { localize } from "./words.js";

const SHORTEST = 1000;
/** @type {WeakMap<Element, {last: number, timer: number, busy: boolean, again: boolean}>} */
const turns = new WeakMap();

/** What ends when a card goes, or is to follow something else. @type {WeakMap<Element, {wish: string, ends: (() => void)[]}>} */
const followed = new WeakMap();

/** Let every card of the page do what its attributes say. */
export function startCards() {
  followCards();
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-turn], a[data-again]");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(link.closest("[data-card]"), link.dataset.turn ?? "", new URL(link.href).searchParams);
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("form[data-turn]")) return;
    event.preventDefault();
    const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    turn(form.closest("[data-card]"), form.dataset.turn ?? "", fields);
  });
  document.addEventListener("change", (event) => {
    const field = /** @type {Element} */ (event.target);
    if (field.matches("form[data-turn] select")) field.closest("form")?.requestSubmit();
  });
  addEventListener("popstate", () => document.querySelectorAll("[data-card]").forEach((card) => refresh(card)));
}

/** Cards that are new, or that follow something else than before. */
export function followCards() {
  for (const card of document.querySelectorAll("[data-card]")) follow(/** @type {HTMLElement} */ (card));
}

/** @param {HTMLElement} card */
function follow(card) {
  const { live = "", every = "" } = card.dataset;
  const before = followed.get(card);
  if (before?.wish === `${live}|${every}`) return;
  for (const end of before?.ends ?? []) end();
  const ends = live.split(",").filter(Boolean).map((name) => onChange(name, () => tick(card)));
  if (every) {
    const clock = setInterval(() => isPaused() || tick(card), Number(every) * 1000);
    ends.push(() => clearInterval(clock));
  }
  followed.set(card, { wish: `${live}|${every}`, ends });
}

/** @param {HTMLElement} card */
function tick(card) {
  if (card.isConnected) soon(card);
  else {
    for (const end of followed.get(card)?.ends ?? []) end();
    followed.delete(card);
  }
}

/** Once a second at the most, and not while nobody looks. @param {Element} card */
function soon(card) {
  const now = state(card);
  if (now.timer || document.hidden) {
    now.again = document.hidden;
    return;
  }
  const shortest = card.querySelector("nx-chart") ? 5 * SHORTEST : SHORTEST;
  now.timer = setTimeout(() => {
    now.timer = 0;
    refresh(card, "default");
  }, Math.max(0, now.last + shortest - Date.now()));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const card of document.querySelectorAll("[data-card]")) if (turns.get(card)?.again) soon(card);
});

/** @param {Element} card */
function state(card) {
  if (!turns.has(card)) turns.set(card, { last: 0, timer: 0, busy: false, again: false });
  return /** @type {NonNullable<ReturnType<typeof turns.get>>} */ (turns.get(card));
}

/**
 * Ask for a card again.
 * @param {Element} card @param {RequestCache} cache "reload": what others were told a
 * moment ago will not do, because this reader did something.
 */
export async function refresh(card, cache = "reload") {
  const now = state(card);
  if (now.busy) return;
  now.busy = true;
  now.again = false;
  now.last = Date.now();
  try {
    const chart = /** @type {any} */ (card.querySelector("nx-chart[data-drawn]"));
    if (chart) aged(card, await chart.load(cache));
    else await fetchCard(card, cache);
  } catch {
    card.setAttribute("data-stale", "");
  } finally {
    now.busy = false;
  }
}

/** @param {Element} card @param {RequestCache} cache */
async function fetchCard(card, cache) {
  const root = document.body.dataset.root ?? "";
  const url = `${root}/api/v1/ui/cards/${card.getAttribute("data-card")}${location.search}`;
  const answer = await fetch(url, { cache });
  if (!answer.ok) throw new Error(String(answer.status));
  const tree = await answer.json();
  if ("data-failed" in tree[1] && !card.hasAttribute("data-failed")) {
    // The last good content stays, marked as old, under what is wrong now.
    const failed = tree[2].at(-1);
    card.querySelector(".nx-failed")?.remove();
    card.querySelector(".nx-card-head")?.after(build(failed));
    card.setAttribute("data-stale", "");
    return;
  }
  keepFocus(() => localize(patch(card, tree)));
  /** @type {any} */ (card.querySelector("nx-log"))?.filter();
}

/**
 * What is moved loses the focus, and so does a button that is not there any more: the one in
 * its place has it then.
 * @param {() => void} change
 */
export function keepFocus(change) {
  const held = /** @type {HTMLElement} */ (document.activeElement);
  const cell = held.closest("td, th");
  const buttons = () => /** @type {HTMLElement[]} */ ([...(cell?.querySelectorAll("button, a") ?? [])]);
  const place = buttons().indexOf(held);
  change();
  if (document.activeElement === held) return;
  const there = buttons();
  const next = held.isConnected ? held : there[Math.min(place, there.length - 1)];
  next?.focus({ preventScroll: true });
}

/** @param {Element} card @param {number} at */
function aged(card, at) {
  card.removeAttribute("data-stale");
  card.querySelector(".nx-age time")?.setAttribute("datetime", new Date(at).toISOString());
}

/**
 * Another look at one card: only its own parameters change in the address.
 * @param {Element | null} card @param {string} name @param {URLSearchParams} wanted
 */
async function turn(card, name, wanted) {
  if (!card) return;
  const params = new URLSearchParams(location.search);
  if (name) {
    for (const key of [...params.keys()]) if (key.startsWith(`${name}.`)) params.delete(key);
    for (const [key, text] of wanted) if (text && key.startsWith(`${name}.`)) params.set(key, text);
  }
  const query = params.toString();
  history.pushState(null, "", query ? `?${query}` : location.pathname);
  await refresh(card);
}
