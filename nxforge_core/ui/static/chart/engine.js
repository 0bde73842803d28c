// @ts-check
// The chart on its canvas: axes, lines, limits, marks, and the part of it that is seen.

import { barWidth, stack } from "./data.js";
import { fitting, paintBars, paintHeat, paintLine, paintStack } from "./paint.js";
import { hourName, lowerBound, niceStep, tickName, timeTicks } from "./scale.js";

/** @typedef {import("./data.js").Column} Column */

const NUMBER = new Intl.NumberFormat(globalThis.document?.documentElement.lang || undefined, { maximumFractionDigits: 3 });
const NAMES = 120;

export class Engine {
  /**
   * @param {HTMLElement} host
   * @param {{kind?: string, axis?: string, unit?: string, zero?: boolean, limits?: {value: number, label: string, level: string}[]}} spec
   */
  constructor(host, spec) {
    this.host = host;
    this.spec = spec;
    /** @type {Column[]} */
    this.columns = [];
    /** @type {{x: number, text: string, level: string}[]} */
    this.marks = [];
    /** @type {Set<number>} */
    this.hidden = new Set();
    /** @type {[number, number] | null} */
    this.view = null;
    /** @type {[number, number] | null} */
    this.span = null;
    this.pad = { l: spec.kind === "heat" ? NAMES : 56, r: 12, t: spec.unit && spec.kind !== "heat" ? 26 : 12, b: 26 };
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    host.append(this.canvas);
    this.scale = 0;
    this.w = this.h = 1;
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
    this.resize();
  }

  destroy() {
    this.sizes.disconnect();
  }

  /** @param {Column[]} columns @param {[number, number] | null} span @param {{x: number, text: string, level: string}[]} marks */
  setData(columns, span = null, marks = []) {
    this.columns = columns;
    this.span = span;
    this.marks = marks;
    this.room = this.spec.kind === "bar" || this.spec.kind === "heat" ? barWidth(columns) : 0;
    this.restack();
    this.draw();
  }

  /** @param {number} place @param {boolean} shown */
  toggle(place, shown) {
    if (shown) this.hidden.delete(place);
    else this.hidden.add(place);
    this.restack();
    this.draw();
  }

  restack() {
    this.stacked = this.spec.kind === "stacked" ? stack(this.columns, this.hidden) : null;
  }

  resize() {
    const box = this.host.getBoundingClientRect();
    this.w = Math.max(80, box.width);
    this.h = Math.max(60, box.height);
    this.ratio = this.scale || devicePixelRatio || 1;
    this.canvas.width = Math.round(this.w * this.ratio);
    this.canvas.height = Math.round(this.h * this.ratio);
    this.colors = null;
    this.draw();
  }

  /** Colours are read from the style sheet anew. */
  retheme() {
    this.colors = null;
    this.draw();
  }

  /** All there is, or what is looked at. @returns {[number, number]} */
  range() {
    if (this.view) return this.view;
    if (this.span) return this.span;
    let low = Infinity;
    let high = -Infinity;
    for (const { x } of this.columns) {
      if (!x.length) continue;
      low = Math.min(low, x[0]);
      high = Math.max(high, x[x.length - 1] + (this.room ?? 0));
    }
    return low < high ? [low, high] : [Number.isFinite(low) ? low : 0, (Number.isFinite(low) ? low : 0) + 1];
  }

  /** @param {[number, number] | null} view */
  setView(view) {
    this.view = view;
    this.draw();
  }

  theme() {
    if (this.colors) return this.colors;
    // A colour has two values, and the canvas knows neither the scheme nor variables.
    const { style } = this.canvas;
    const found = getComputedStyle(this.canvas);
    const named = (/** @type {string} */ name) => {
      style.color = `var(--nx-${name}, #666)`;
      return found.color;
    };
    this.colors = {
      text: named("quiet"),
      grid: named("line"),
      axis: named("edge"),
      levels: { bad: named("bad"), warning: named("warning"), ok: named("ok"), info: named("accent"), unknown: named("edge") },
      lines: Array.from({ length: 8 }, (_, place) => named(`s${place + 1}`)),
      font: `12px ${found.getPropertyValue("--nx-font").trim() || "sans-serif"}`,
    };
    return this.colors;
  }

  /** @param {number} at */
  px(at) {
    const [low, high] = this.range();
    return this.pad.l + ((at - low) / (high - low)) * (this.w - this.pad.l - this.pad.r);
  }

  /** @param {number} px */
  at(px) {
    const [low, high] = this.range();
    return low + ((px - this.pad.l) / (this.w - this.pad.l - this.pad.r)) * (high - low);
  }

  draw() {
    const ctx = this.canvas.getContext("2d");
    if (!ctx) return;
    const ratio = this.ratio ?? 1;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.w, this.h);
    ctx.font = this.theme().font;
    const [low, high] = this.range();
    this.times(ctx, low, high);
    if (this.spec.kind === "heat") {
      this.heat(ctx, low, high);
      return;
    }
    const values = this.values(low, high);
    this.grid(ctx, values);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.pad.l, this.pad.t - 2, this.w - this.pad.l - this.pad.r, this.h - this.pad.t - this.pad.b + 4);
    ctx.clip();
    this.lines(ctx, low, high, values);
    ctx.restore();
    this.extras(ctx, low, high, values);
  }

  /** @param {Column} column @param {number} low @param {number} high */
  seen(column, low, high) {
    const n = column.x.length;
    const from = Math.max(0, lowerBound(column.x, n, low - (this.room ?? 0)) - 1);
    return { from, to: Math.min(n - 1, lowerBound(column.x, n, high)) };
  }

  /** The lowest and highest of what is seen, rounded. @param {number} low @param {number} high */
  values(low, high) {
    let bottom = this.spec.zero ? 0 : Infinity;
    let top = this.spec.zero ? 0 : -Infinity;
    (this.stacked ?? this.columns).forEach((column, place) => {
      if (this.hidden.has(place)) return;
      const { from, to } = this.seen(column, low, high);
      for (const ys of [column.y, column.low, column.high]) {
        if (!ys) continue;
        for (let i = from; i <= to; i += 1) {
          const value = ys[i];
          if (value < bottom) bottom = value;
          if (value > top) top = value;
        }
      }
    });
    for (const { value } of this.spec.limits ?? []) if (value > top && value < top * 1.25) top = value;
    if (!(top > -Infinity)) [bottom, top] = [0, 1];
    if (bottom === top) [bottom, top] = this.spec.zero || bottom === 0 ? [bottom, bottom + 1] : [bottom - 1, top + 1];
    const step = niceStep(top - bottom, Math.max(2, (this.h - this.pad.t - this.pad.b) / 48));
    return { bottom: Math.floor(bottom / step + 1e-9) * step, top: Math.ceil(top / step - 1e-9) * step, step };
  }

  /** @param {{bottom: number, top: number}} values */
  y({ bottom, top }) {
    const base = this.h - this.pad.b;
    const scale = (base - this.pad.t) / (top - bottom);
    return (/** @type {number} */ value) => base - (value - bottom) * scale;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {{bottom: number, top: number, step: number}} values */
  grid(ctx, values) {
    const { text, grid } = this.theme();
    const y = this.y(values);
    ctx.lineWidth = 1;
    ctx.strokeStyle = grid;
    ctx.fillStyle = text;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.beginPath();
    for (let value = values.bottom; value <= values.top + values.step / 2; value += values.step) {
      const at = Math.round(y(value)) + 0.5;
      ctx.moveTo(this.pad.l, at);
      ctx.lineTo(this.w - this.pad.r, at);
      ctx.fillText(NUMBER.format(Math.abs(value) < values.step / 1e6 ? 0 : value), this.pad.l - 8, at);
    }
    ctx.stroke();
    ctx.textAlign = "left";
    if (this.spec.unit) ctx.fillText(this.spec.unit, 2, 8);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} low @param {number} high */
  times(ctx, low, high) {
    const { text, axis } = this.theme();
    const base = this.h - this.pad.b;
    const wall = this.spec.axis === "day";
    const { ticks, step } = timeTicks(low, high, Math.max(2, (this.w - this.pad.l - this.pad.r) / 96), wall);
    ctx.lineWidth = 1;
    ctx.strokeStyle = axis;
    ctx.fillStyle = text;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.beginPath();
    ctx.moveTo(this.pad.l, base + 0.5);
    ctx.lineTo(this.w - this.pad.r, base + 0.5);
    for (const at of ticks) {
      const x = Math.round(this.px(at)) + 0.5;
      ctx.moveTo(x, base);
      ctx.lineTo(x, base + 4);
      const name = wall ? hourName(at) : tickName(at, step);
      // A name at the edge is moved rather than cut.
      ctx.fillText(name, Math.min(x, this.w - ctx.measureText(name).width / 2), base + 8);
    }
    ctx.stroke();
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} low @param {number} high @param {{bottom: number, top: number}} values */
  lines(ctx, low, high, values) {
    const { lines } = this.theme();
    const width = this.w - this.pad.l - this.pad.r;
    const scale = width / (high - low);
    const y = this.y(values);
    const x = (/** @type {number} */ at) => this.pad.l + (at - low) * scale;
    const base = y(Math.max(values.bottom, Math.min(0, values.top)));
    const count = this.columns.length - this.hidden.size;
    let bar = 0;
    (this.stacked ?? this.columns).forEach((column, place) => {
      if (this.hidden.has(place) || !column.x.length) return;
      const paper = { ctx, x, y, base, width, ...this.seen(column, low, high) };
      const color = lines[place % 8];
      if (this.stacked) paintStack(paper, /** @type {any} */ (column), color);
      else if (this.spec.kind === "bar") paintBars(paper, column, color, bar++, count, this.room ?? 1);
      else paintLine(paper, column, color, place, column.kind || this.spec.kind || "line");
    });
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} low @param {number} high @param {{bottom: number, top: number}} values */
  extras(ctx, low, high, values) {
    const { levels } = this.theme();
    const y = this.y(values);
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    for (const limit of this.spec.limits ?? []) {
      if (limit.value < values.bottom || limit.value > values.top) continue;
      const at = Math.round(y(limit.value)) + 0.5;
      ctx.strokeStyle = ctx.fillStyle = levels[/** @type {"bad"} */ (limit.level)] ?? levels.bad;
      this.dashed(ctx, [6, 4], this.pad.l, at, this.w - this.pad.r, at);
      const unit = this.spec.unit ? `\u00a0${this.spec.unit}` : "";
      ctx.fillText(`${limit.label} ${NUMBER.format(limit.value)}${unit}`, this.w - this.pad.r - 4, at - 2);
    }
    for (const mark of this.marks) {
      if (mark.x < low || mark.x > high) continue;
      const at = Math.round(this.px(mark.x)) + 0.5;
      ctx.strokeStyle = levels[/** @type {"bad"} */ (mark.level)] ?? levels.info;
      this.dashed(ctx, [2, 3], at, this.pad.t, at, this.h - this.pad.b);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number[]} dash @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  dashed(ctx, dash, x1, y1, x2, y2) {
    ctx.lineWidth = 1;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} low @param {number} high */
  heat(ctx, low, high) {
    const { text, lines } = this.theme();
    const width = this.w - this.pad.l - this.pad.r;
    const x = (/** @type {number} */ at) => this.pad.l + ((at - low) / (high - low)) * width;
    const tall = (this.h - this.pad.t - this.pad.b) / Math.max(this.columns.length, 1);
    const values = this.values(low, high);
    this.columns.forEach((column, place) => {
      const top = this.pad.t + place * tall;
      ctx.fillStyle = text;
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillText(fitting(ctx, column.label, this.pad.l - 8), this.pad.l - 8, top + tall / 2);
      const strip = { top, high: tall, low: values.bottom, peak: values.top, room: this.room ?? 1 };
      ctx.save();
      ctx.beginPath();
      ctx.rect(this.pad.l, top, width, tall);
      ctx.clip();
      paintHeat({ ctx, x, y: x, base: 0, width, ...this.seen(column, low, high) }, column, lines[0], strip);
      ctx.restore();
    });
  }
}
