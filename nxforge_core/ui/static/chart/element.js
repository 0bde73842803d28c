// @ts-check
// <nx-chart>: takes the place of the server's drawing, asks for data, follows the page's
// other charts.

import { h } from "../dom.js";
import { instant, quantity, say } from "../words.js";
import { columnsOf } from "./data.js";
import { Engine } from "./engine.js";
import { control } from "./control.js";
import { hourName, lowerBound } from "./scale.js";

class Chart extends HTMLElement {
  static get observedAttributes() {
    return ["data-spec"];
  }

  /** @param {string} _name @param {string | null} before @param {string} now */
  attributeChangedCallback(_name, before, now) {
    if (before === null || before === now || !this.isConnected) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  connectedMoveCallback() {}

  connectedCallback() {
    if (this.engine) return;
    this.spec = JSON.parse(this.dataset.spec ?? "{}");
    this.load().catch(() => this.closest("[data-card]")?.setAttribute("data-stale", ""));
  }

  disconnectedCallback() {
    this.stop?.();
    this.engine = this.stop = undefined;
    this.removeAttribute("data-drawn");
  }

  /**
   * Ask for the data of what is looked at.
   * @param {RequestCache} [cache] @returns {Promise<number>} when it was made
   */
  async load(cache = "default") {
    const answer = await fetch(this.source(), { cache });
    if (!answer.ok) throw new Error(String(answer.status));
    const { data, at } = await answer.json();
    this.show(data);
    return at;
  }

  source() {
    // The page's address may have changed since the server wrote this.
    const url = new URL(this.dataset.src ?? "", location.href);
    url.search = location.search;
    url.searchParams.set("points", String(Math.round(Math.max(200, this.clientWidth) * 1.5)));
    const view = this.engine?.view;
    if (this.spec.windowed && view) {
      url.searchParams.set("from", new Date(view[0]).toISOString());
      url.searchParams.set("to", new Date(view[1]).toISOString());
    }
    return url.href;
  }

  /** @param {any} data */
  show(data) {
    if (!this.engine) this.takeOver();
    const engine = /** @type {Engine} */ (this.engine);
    const columns = columnsOf(data);
    const names = columns.map(({ label }) => label).join("\n");
    engine.setData(columns, data.start === null ? null : [data.start, data.end], data.marks);
    if (names !== this.names) this.legend(columns);
    this.names = names;
    const none = columns.every(({ x }) => x.length === 0);
    this.querySelector(".nx-empty-words")?.remove();
    if (none) this.append(h("p", { class: "nx-empty-words" }, this.spec.empty));
  }

  takeOver() {
    this.replaceChildren();
    this.setAttribute("data-drawn", "");
    this.engine = new Engine(this, this.spec);
    this.stop = control(this, this.engine);
  }

  /** Names become buttons that hide their line. @param {import("./data.js").Column[]} columns */
  legend(columns) {
    const list = this.closest("[data-card]")?.querySelector(".nx-legend");
    list?.replaceChildren(
      ...columns.map(({ label }, place) => {
        const swatch = h("i", { class: `swatch s${(place % 8) + 1}` });
        const shown = !this.engine?.hidden.has(place);
        const button = h("button", { type: "button", "aria-pressed": String(shown) }, swatch, label);
        button.addEventListener("click", () => {
          const now = button.getAttribute("aria-pressed") !== "true";
          button.setAttribute("aria-pressed", String(now));
          this.engine?.toggle(place, now);
        });
        return h("li", {}, button);
      }),
    );
    list?.setAttribute("data-drawn", "");
  }

  /** What is to be read at an instant. @param {number} at */
  reading(at) {
    const engine = /** @type {Engine} */ (this.engine);
    const near = engine.columns.map((column, place) => {
      if (engine.hidden.has(place) || !column.x.length) return null;
      const i = nearest(column.x, at);
      const value = column.y[i];
      const unit = column.unit || this.spec.unit;
      const range =
        column.low && column.high && value === value
          ? ` (${quantity(column.low[i])}–${quantity(column.high[i])})`
          : "";
      return { place, label: column.label, x: column.x[i], text: value === value ? quantity(value, unit) + range : say("no data") };
    });
    const found = near.filter((each) => each !== null);
    const first = found.reduce((best, each) => (Math.abs(each.x - at) < Math.abs(best.x - at) ? each : best), found[0]);
    return first ? { x: first.x, when: this.spec.axis === "day" ? hourName(first.x) : instant(first.x), lines: found } : null;
  }
}

/** @param {Float64Array} x @param {number} at */
function nearest(x, at) {
  const low = lowerBound(x, x.length - 1, at);
  return low > 0 && at - x[low - 1] < x[low] - at ? low - 1 : low;
}

customElements.define("nx-chart", Chart);
