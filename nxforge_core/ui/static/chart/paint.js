// @ts-check
// Shapes on a canvas. Where there are more points than pixels, the first, lowest, highest
// and last of each pixel column: cost follows the width, not the data.

/** @typedef {import("./data.js").Column} Column */
/** @typedef {{ctx: CanvasRenderingContext2D, x: (v: number) => number, y: (v: number) => number, base: number, width: number, from: number, to: number}} Paper */

const DASHES = [[], [7, 3], [2, 3]];

/** @param {Paper} paper @param {Column} column @param {string} color @param {number} place @param {string} kind */
export function paintLine(paper, column, color, place, kind) {
  const { ctx, from, to, width, base } = paper;
  const dense = to - from > 2 * width;
  if (column.low && column.high) paintBand(paper, column, color);
  const path = new Path2D();
  const ends = dense ? denseLine(paper, column, path) : sparseLine(paper, column, path, kind === "step");
  if (kind === "area" && ends) {
    // Gaps end an area as they end its line: runs are closed one by one.
    const fill = new Path2D();
    closeRuns(paper, column, fill, base);
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = color;
    ctx.fill(fill);
    ctx.globalAlpha = 1;
  }
  // Round joins on a dense zigzag cost five times as much and look the same.
  ctx.strokeStyle = color;
  ctx.lineWidth = dense ? 1 : 1.75;
  ctx.lineJoin = dense ? "bevel" : "round";
  ctx.setLineDash(dense ? [] : DASHES[place % 3]);
  ctx.stroke(path);
  ctx.setLineDash([]);
}

/** @param {Paper} paper @param {Column} column @param {Path2D} path @param {boolean} step */
function sparseLine({ x, y, from, to }, column, path, step) {
  let pen = false;
  let any = false;
  for (let i = from; i <= to; i += 1) {
    const value = column.y[i];
    if (value !== value) {
      pen = false;
      continue;
    }
    const px = x(column.x[i]);
    const py = y(value);
    if (!pen) {
      path.moveTo(px, py);
      // One reading between gaps is a dot.
      path.lineTo(px + 0.1, py);
    } else {
      if (step) path.lineTo(px, y(column.y[i - 1]));
      path.lineTo(px, py);
    }
    pen = any = true;
  }
  return any;
}

/** @param {Paper} paper @param {Column} column @param {Path2D} path */
function denseLine({ x, y, from, to }, column, path) {
  let pen = false;
  let has = false;
  let any = false;
  let at = -1e9;
  let first = 0;
  let low = 0;
  let high = 0;
  let last = 0;
  const flush = () => {
    if (!has) return;
    const px = at + 0.5;
    if (pen) path.lineTo(px, y(first));
    else path.moveTo(px, y(first));
    if (low !== high) {
      path.lineTo(px, y(low));
      path.lineTo(px, y(high));
      if (last !== high) path.lineTo(px, y(last));
    }
    pen = any = true;
    has = false;
  };
  const xs = column.x;
  const ys = column.y;
  const origin = x(0);
  const scale = x(1) - origin;
  for (let i = from; i <= to; i += 1) {
    const value = ys[i];
    const px = (origin + xs[i] * scale) | 0;
    if (px !== at) {
      flush();
      at = px;
    }
    if (value !== value) {
      flush();
      pen = false;
    } else if (!has) {
      first = low = high = last = value;
      has = true;
    } else {
      if (value < low) low = value;
      if (value > high) high = value;
      last = value;
    }
  }
  flush();
  return any;
}

/** @param {Paper} paper @param {Column} column @param {Path2D} fill @param {number} base */
function closeRuns({ x, y, from, to, width }, column, fill, base) {
  const stride = Math.max(1, Math.floor((to - from) / (2 * width)));
  let start = NaN;
  let end = NaN;
  const close = () => {
    if (start === start) {
      fill.lineTo(end, base);
      fill.lineTo(start, base);
      fill.closePath();
    }
    start = NaN;
  };
  for (let i = from; i <= to; i += stride) {
    const value = column.y[i];
    if (value !== value) {
      close();
      continue;
    }
    end = x(column.x[i]);
    if (start === start) fill.lineTo(end, y(value));
    else {
      start = end;
      fill.moveTo(end, y(value));
    }
  }
  close();
}

/** @param {Paper} paper @param {Column} column @param {string} color */
function paintBand({ ctx, x, y, from, to, width }, column, color) {
  const low = /** @type {Float64Array} */ (column.low);
  const high = /** @type {Float64Array} */ (column.high);
  const stride = Math.max(1, Math.floor((to - from) / (2 * width)));
  const fill = new Path2D();
  /** @type {number[]} */
  let run = [];
  const close = () => {
    if (run.length > 1) {
      run.forEach((i, n) => (n ? fill.lineTo(x(column.x[i]), y(high[i])) : fill.moveTo(x(column.x[i]), y(high[i]))));
      for (let n = run.length - 1; n >= 0; n -= 1) fill.lineTo(x(column.x[run[n]]), y(low[run[n]]));
      fill.closePath();
    }
    run = [];
  };
  for (let i = from; i <= to; i += stride) {
    if (low[i] === low[i] && high[i] === high[i]) run.push(i);
    else close();
  }
  close();
  ctx.globalAlpha = 0.16;
  ctx.fillStyle = color;
  ctx.fill(fill);
  ctx.globalAlpha = 1;
}

/** @param {Paper} paper @param {Column & {floor: Float64Array}} column @param {string} color */
export function paintStack({ ctx, x, y, from, to }, column, color) {
  const fill = new Path2D();
  /** @type {number[]} */
  let run = [];
  const close = () => {
    run.forEach((i, n) => (n ? fill.lineTo(x(column.x[i]), y(column.y[i])) : fill.moveTo(x(column.x[i]), y(column.y[i]))));
    for (let n = run.length - 1; n >= 0; n -= 1) fill.lineTo(x(column.x[run[n]]), y(column.floor[run[n]]));
    if (run.length) fill.closePath();
    run = [];
  };
  for (let i = from; i <= to; i += 1) {
    if (column.y[i] === column.y[i]) run.push(i);
    else close();
  }
  close();
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = color;
  ctx.fill(fill);
  ctx.globalAlpha = 1;
}

/** @param {Paper} paper @param {Column} column @param {string} color @param {number} place @param {number} count @param {number} room */
export function paintBars({ ctx, x, y, from, to, base }, column, color, place, count, room) {
  const whole = x(room) - x(0);
  const width = (whole * 0.82) / count;
  ctx.fillStyle = color;
  for (let i = from; i <= to; i += 1) {
    const value = column.y[i];
    if (value !== value) continue;
    const top = y(value);
    const left = x(column.x[i]) + whole * 0.09 + place * width;
    ctx.fillRect(left, Math.min(top, base), Math.max(width - 1, 0.5), Math.max(Math.abs(base - top), 0.5));
  }
}

/** @param {Paper} paper @param {Column} column @param {string} color @param {{top: number, high: number, low: number, peak: number, room: number}} strip */
export function paintHeat({ ctx, x, from, to }, column, color, strip) {
  const width = Math.max(x(strip.room) - x(0) - 1, 0.5);
  ctx.fillStyle = color;
  for (let i = from; i <= to; i += 1) {
    const value = column.y[i];
    if (value !== value) continue;
    const share = (value - strip.low) / (strip.peak - strip.low || 1);
    ctx.globalAlpha = 0.12 + 0.88 * Math.min(Math.max(share, 0), 1);
    ctx.fillRect(x(column.x[i]), strip.top + 1, width, strip.high - 2);
  }
  ctx.globalAlpha = 1;
}

/** As much of a name as has room. @param {CanvasRenderingContext2D} ctx @param {string} name @param {number} room */
export function fitting(ctx, name, room) {
  if (ctx.measureText(name).width <= room) return name;
  let shown = name;
  while (shown && ctx.measureText(`${shown}\u2026`).width > room) shown = shown.slice(0, -1);
  return `${shown.trimEnd()}\u2026`;
}
