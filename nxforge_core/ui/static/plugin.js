// @ts-check
// <nx-plugin>: a module of a plugin, mounted into its card. What it does wrong stays there.

import { sure } from "./deeds.js";
import { h } from "./dom.js";
import { onChange, onEvent } from "./stream.js";
import { instant, quantity, say } from "./words.js";

/** Of what modules are handed; it grows by additions. */
const VERSION = 1;

class PluginModule extends HTMLElement {
  connectedCallback() {
    this.fallback ??= [...this.childNodes];
    this.setAttribute("data-drawn", "");
    this.mount();
  }

  connectedMoveCallback() {}

  disconnectedCallback() {
    this.turn = undefined;
    this.leave();
  }

  static get observedAttributes() {
    return ["data-props", "data-module"];
  }

  /** Another address is another module: the old one leaves, the new one is mounted in its place.
   * @param {string} name @param {string | null} before @param {string} now */
  attributeChangedCallback(name, before, now) {
    if (before === null || before === now || !this.isConnected) return;
    if (name === "data-module") {
      this.leave();
      this.mount();
    } else this.attempt(() => this.handle?.update?.(JSON.parse(now)));
  }

  async mount() {
    const turn = (this.turn = {});
    try {
      const module = await import(new URL(this.dataset.module ?? "", location.href).href);
      if (this.turn !== turn) return;
      const place = h("div", { class: "nx-module" });
      this.replaceChildren(place);
      const props = JSON.parse(this.dataset.props ?? "{}");
      const handle = await module.default(place, { props, nx: this.kit() });
      if (this.turn !== turn) handle?.unmount?.();
      else {
        this.handle = handle;
        this.dataset.state = "ready";
      }
    } catch (error) {
      if (this.turn === turn) this.failed(error);
    }
  }

  /** What a module may use; whatever it listens to ends with it. */
  kit() {
    /** @type {(() => void)[]} */
    this.ends = [];
    const keep = (/** @type {() => void} */ end) => {
      this.ends?.push(end);
      return end;
    };
    return {
      version: VERSION,
      h,
      quantity,
      instant,
      root: document.body.dataset.root ?? "",
      on: (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) =>
        keep(onEvent(name, (event) => this.attempt(() => listener(event.data, event)))),
      onChange: (/** @type {string} */ name, /** @type {() => void} */ listener) =>
        keep(onChange(name, () => this.attempt(listener))),
      sure,
      fetch: (/** @type {string} */ path, /** @type {RequestInit} */ options) =>
        fetch((document.body.dataset.root ?? "") + path, options),
    };
  }

  /** @param {() => void} what */
  attempt(what) {
    try {
      what();
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {unknown} error */
  failed(error) {
    this.leave();
    this.dataset.state = "failed";
    console.warn(`a module of ${this.dataset.owner} failed`, error);
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.replaceChildren(
      h(
        "div",
        { class: "nx-failed" },
        h("p", { role: "alert" }, say("The module of {owner} failed. ", { owner: this.dataset.owner }), why),
        ...(this.fallback ?? []),
      ),
    );
  }

  leave() {
    const handle = this.handle;
    this.handle = undefined;
    for (const end of this.ends ?? []) end();
    this.ends = [];
    try {
      handle?.unmount?.();
    } catch (error) {
      console.warn("a module did not leave well", error);
    }
  }
}

customElements.define("nx-plugin", PluginModule);
