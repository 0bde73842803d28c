// @ts-check
// Ctrl+K or /: every page of the menu, by a few letters of its name.

import { h } from "./dom.js";
import { symbol } from "./shell.js";
import { say } from "./words.js";

export function startPalette() {
  const links = () => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".nx-nav a"))];
  if (!links().length) return;
  const button = h(
    "button",
    { type: "button", class: "nx-round", id: "nx-find", "aria-label": say("Find a page"), title: say("Find a page (Ctrl+K)") },
    symbol("search"),
  );
  button.addEventListener("click", () => open(links()));
  document.querySelector(".nx-top .nx-grow")?.after(button);
  addEventListener("keydown", (event) => {
    const typing = /** @type {Element} */ (event.target).closest?.("input, textarea, select, dialog");
    const wanted = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing);
    if (!wanted || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open(links());
  });
}

/** @param {HTMLAnchorElement[]} links */
function open(links) {
  const entry = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "search",
      role: "combobox",
      "aria-label": say("Find a page"),
      "aria-expanded": "true",
      "aria-controls": "nx-found",
      placeholder: say("Find a page"),
      autofocus: true,
    })
  );
  const list = h("ul", { id: "nx-found", role: "listbox", "aria-label": say("Pages") });
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "nx-dialog nx-palette", "aria-label": say("Find a page") }, entry, list));
  let chosen = 0;
  const show = () => {
    const words = entry.value.toLowerCase().split(/\s+/);
    const found = links.filter((link) => words.every((word) => textOf(link).toLowerCase().includes(word)));
    chosen = Math.min(Math.max(chosen, 0), Math.max(found.length - 1, 0));
    list.replaceChildren(
      ...found.map((link, place) => {
        const item = h("li", { role: "option", id: `nx-found-${place}`, "aria-selected": String(place === chosen) }, textOf(link));
        item.addEventListener("click", () => location.assign(link.href));
        return item;
      }),
    );
    if (found.length) entry.setAttribute("aria-activedescendant", `nx-found-${chosen}`);
    else entry.removeAttribute("aria-activedescendant");
    return found;
  };
  entry.addEventListener("input", () => {
    chosen = 0;
    show();
  });
  entry.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      chosen += step;
      show();
    }
    if (event.key === "Enter") {
      const target = show()[chosen];
      if (target) location.assign(target.href);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
}

/** @param {HTMLAnchorElement} link */
function textOf(link) {
  const group = link.closest("div")?.querySelector("h2")?.textContent ?? "";
  return `${group}: ${link.textContent}`;
}
