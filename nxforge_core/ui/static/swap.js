// @ts-check
// Other plugins, or others of their files, are at work: the page becomes what it is now,
// without being loaded anew. What somebody types, opens and looks at stays.

import { followCards, keepFocus } from "./cards.js";
import { toast } from "./deeds.js";
import { patch } from "./dom.js";
import { onEdition } from "./stream.js";
import { localize, say } from "./words.js";

/** A plugin that starts anew is away for a moment. */
const PATIENCE = 3000;

let wanted = "";
let busy = false;
let timer = 0;
/** @type {HTMLElement | undefined} */
let note;

export function startSwap() {
  onEdition((edition) => {
    wanted = edition;
    swap();
  });
}

async function swap() {
  clearTimeout(timer);
  if (busy || wanted === document.body.dataset.edition) return;
  busy = true;
  const asked = wanted;
  try {
    const answer = await ask();
    if (answer.ok) put(await answer.json(), asked);
    else away();
  } catch {
    // No host: when it is there again, it says what is at work.
  } finally {
    busy = false;
  }
  if (asked !== wanted) swap();
}

/** This page, as a tree. */
const ask = () => fetch(location.href, { headers: { Accept: "application/json" }, cache: "no-store" });

/** @typedef {import("./dom.js").Tree} Tree */

/** @param {Tree} tree @param {string} edition */
function put(tree, edition) {
  const [head, body] = /** @type {Tree[]} */ (tree[2]);
  document.title = String(inside(head, ([tag]) => tag === "title")?.[2][0] ?? document.title);
  keepFocus(() => {
    for (const id of ["nx-nav", "main"]) {
      const there = document.getElementById(id);
      const now = inside(body, ([, facts]) => facts.id === id);
      if (there && now) localize(patch(there, now));
    }
  });
  followCards();
  document.body.dataset.edition = edition;
  note?.remove();
}

/** @param {Tree} tree @param {(child: Tree) => boolean} fits */
const inside = (tree, fits) => /** @type {Tree[]} */ (tree[2].filter((child) => typeof child !== "string")).find(fits);

/** The page is not there; its plugin may be on its way. */
function away() {
  timer = setTimeout(async () => {
    const answer = await ask().catch(() => null);
    if (answer?.ok) swap();
    else if (answer && !note?.isConnected) {
      const plugins = document.querySelector(".nx-nav a[href$='/ui/nxforge/plugins']");
      const link = plugins && { text: say("Plugins"), href: plugins.getAttribute("href") ?? "" };
      note = toast(say("This page is not there any more: its plugin does not run now."), "bad", link);
    }
  }, PATIENCE);
}
