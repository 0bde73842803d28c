// @ts-check
// Forms that do something, without leaving the page: a question first where there is one,
// what is wrong beside its field, a word when it is done.

import { refresh } from "./cards.js";
import { h } from "./dom.js";
import { say } from "./words.js";

export function startDeeds() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("form[data-deed]")) return;
    event.preventDefault();
    send(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
  });
  document.addEventListener("input", ({ target }) => {
    /** @type {Element} */ (target).closest("form[data-deed] .nx-field")?.setAttribute("data-touched", "");
  });
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function send(form, button) {
  const fields = new FormData(form, button);
  const picked = fields.getAll("key").length;
  if (fields.has("nx-many") && picked === 0) {
    toast(say("Select a row first."), "warning");
    return;
  }
  const question = button?.dataset.confirm?.replace("{n}", String(fields.has("nx-many") ? picked : 1));
  if (question && !(await sure(question, button?.textContent ?? say("Do it")))) return;
  fields.set("nx-sure", "1");
  const held = document.activeElement === button;
  button?.setAttribute("disabled", "");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(/** @type {any} */ (fields)),
      headers: { Accept: "application/json" },
    });
    show(form, answer.status, await answer.json());
  } catch {
    toast(say("The host does not answer. Nothing was lost: try again."), "bad");
  } finally {
    button?.removeAttribute("disabled");
    if (held && button?.isConnected && document.activeElement === document.body) button.focus({ preventScroll: true });
  }
}

/** @param {HTMLFormElement} form @param {number} status @param {any} answer */
function show(form, status, answer) {
  const wrong = answer.fields ?? {};
  let first = null;
  for (const place of form.querySelectorAll("[data-wrong]")) {
    const name = place.getAttribute("data-wrong") ?? "";
    place.textContent = wrong[name] ?? "";
    const control = /** @type {HTMLElement | null} */ (form.elements.namedItem(name));
    if (wrong[name]) {
      control?.setAttribute("aria-invalid", "true");
      control?.closest("details")?.setAttribute("open", "");
    } else control?.removeAttribute?.("aria-invalid");
    if (wrong[name] && !first) first = control;
  }
  if (status !== 200) {
    first?.focus();
    const words = answer.message || answer.detail || (first ? "" : say("It could not be done."));
    if (words) toast(words, "bad");
    return;
  }
  form.querySelectorAll("[data-touched]").forEach((each) => each.removeAttribute("data-touched"));
  form.querySelectorAll("input[type=password]").forEach((each) => (/** @type {HTMLInputElement} */ (each).value = ""));
  if (answer.go) {
    location.assign(answer.go);
    return;
  }
  toast(answer.message, "ok", answer.link, answer.secret);
  for (const card of document.querySelectorAll("[data-card]")) {
    if (!card.querySelector("[data-touched]")) refresh(card);
  }
}

/** Ask in the page's own dialog. @param {string} question @param {string} yes @returns {Promise<boolean>} */
export function sure(question, yes) {
  return new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (
      h(
        "dialog",
        { class: "nx-dialog", "aria-labelledby": "nx-question" },
        h("p", { id: "nx-question" }, question),
        h(
          "form",
          { method: "dialog", class: "nx-form-end" },
          h("button", { class: "nx-button", value: "", autofocus: true }, say("Cancel")),
          h("button", { class: "nx-button danger", value: "yes" }, yes),
        ),
      )
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {string} message @param {string} level
 * @param {{text: string, href: string} | null} [link] @param {string | null} [secret]
 */
export function toast(message, level, link, secret) {
  let place = document.getElementById("nx-toasts");
  if (!place) {
    place = h("div", { id: "nx-toasts", role: "status", "aria-live": "polite" });
    document.body.append(place);
  }
  const close = h("button", { type: "button", class: "nx-round", "aria-label": say("Close"), click: () => note.remove() }, "×");
  const more = link ? h("a", { href: link.href }, link.text) : null;
  const once = secret ? h("code", { class: "nx-secret" }, secret) : null;
  const note = h("div", { class: `nx-toast l-${level}` }, h("span", {}, message), once, more, close);
  place.append(note);
  // What went wrong, and what is shown only once, stays until it was read.
  if (level !== "bad" && !secret) setTimeout(() => note.remove(), 10000);
  return note;
}
