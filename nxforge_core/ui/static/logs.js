// @ts-check
// <nx-log>: words to look for, levels, wrapping, and lines that come while one reads.

import { announce, h } from "./dom.js";
import { instant, say } from "./words.js";

const LEVELS = ["debug", "info", "warning", "error", "critical"];
const MOST = 5000;

class Log extends HTMLElement {
  connectedCallback() {
    if (this.bar) return;
    this.box = /** @type {HTMLElement} */ (this.querySelector(".nx-lines"));
    this.lines = /** @type {HTMLElement} */ (this.querySelector("ol"));
    this.words = "";
    this.least = 0;
    this.waiting = 0;
    this.bar = this.tools();
    this.prepend(this.bar);
    // The end is what matters, and is stayed with until somebody scrolls up.
    this.follows = true;
    this.box.addEventListener("scroll", () => this.scrolled());
    this.box.scrollTop = this.box.scrollHeight;
    if (this.dataset.follow) this.follow(this.dataset.follow);
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
  }

  disconnectedCallback() {
    this.source?.close();
  }

  tools() {
    const search = /** @type {HTMLInputElement} */ (
      h("input", { type: "search", placeholder: say("Search"), "aria-label": say("Search the log") })
    );
    search.addEventListener("input", () => {
      this.words = search.value.toLowerCase();
      this.filter();
    });
    const level = /** @type {HTMLSelectElement} */ (
      h("select", { "aria-label": say("Least level") }, ...LEVELS.map((name, place) => h("option", { value: String(place) }, name)))
    );
    level.addEventListener("change", () => {
      this.least = Number(level.value);
      this.filter();
    });
    const wrap = h("button", { type: "button", class: "nx-button small", "aria-pressed": "true" }, say("Wrap"));
    wrap.addEventListener("click", () => {
      const now = wrap.getAttribute("aria-pressed") !== "true";
      wrap.setAttribute("aria-pressed", String(now));
      this.toggleAttribute("data-long", !now);
    });
    this.hits = h("span", { class: "nx-quiet", role: "status" });
    this.jump = h("button", { type: "button", class: "nx-button small", hidden: true });
    this.jump.addEventListener("click", () => this.toEnd());
    return h("div", { class: "nx-log-tools", "data-own": true }, search, level, wrap, this.hits, this.jump);
  }

  /** Hide what does not fit; lines may have come. */
  filter() {
    let hits = 0;
    for (const line of this.lines.children) {
      const fits = this.fits(/** @type {HTMLElement} */ (line));
      /** @type {HTMLElement} */ (line).hidden = !fits;
      hits += fits ? 1 : 0;
    }
    if (this.follows) this.box.scrollTop = this.box.scrollHeight;
    const narrowed = this.words || this.least;
    this.hits.textContent = narrowed ? say("{hits} of {all}", { hits, all: this.lines.children.length }) : "";
  }

  /** @param {HTMLElement} line */
  fits(line) {
    if (LEVELS.indexOf(line.dataset.level ?? "info") < this.least) return false;
    return !this.words || (line.textContent ?? "").toLowerCase().includes(this.words);
  }

  /** @param {string} path */
  follow(path) {
    const source = new EventSource(`${path}?after=${this.dataset.last ?? 0}`);
    this.source = source;
    source.addEventListener("line", (event) => this.add(JSON.parse(event.data)));
    // A host that stops, and one that asks again who reads, is asked again by itself.
    source.addEventListener("end", (event) => {
      if (JSON.parse(event.data).reason !== "stopped") source.close();
    });
  }

  /** @param {any} line */
  add(line) {
    const at = new Date(line.at);
    const time = h("time", { datetime: at.toISOString(), title: `${at.toISOString()} UTC` }, instant(at));
    const loud = LEVELS.indexOf(line.level) > 1 ? h("b", {}, line.level) : h("span", { class: "nx-hidden" }, line.level);
    const facts = Object.entries(line.facts ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(" ");
    const text = h("span", { class: "text" }, `${line.event} ${facts}`.trim());
    const item = h("li", { "data-level": line.level }, time, " ", loud, " ", text);
    item.hidden = !this.fits(item);
    this.querySelector(".nx-empty-words")?.remove();
    this.lines.append(item);
    if (this.lines.children.length > MOST) this.lines.firstElementChild?.remove();
    if (LEVELS.indexOf(line.level) > 2) announce(`${line.level}: ${line.event}`);
    if (this.follows) this.toEnd();
    else this.news(this.waiting + 1);
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    this.follows = scrollHeight - scrollTop - clientHeight < 30;
    if (this.follows) this.news(0);
  }

  toEnd() {
    this.follows = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.news(0);
  }

  /** @param {number} count */
  news(count) {
    this.waiting = count;
    this.jump.hidden = count === 0;
    this.jump.textContent = count === 1 ? say("1 new line") : say("{count} new lines", { count });
  }
}

customElements.define("nx-log", Log);
