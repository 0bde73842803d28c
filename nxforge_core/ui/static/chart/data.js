// @ts-check
// What a chart is drawn of: columns of numbers. A gap is NaN, and never zero.

/**
 * @typedef {object} Column
 * @property {string} label
 * @property {string} unit
 * @property {string} kind
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {Float64Array | null} low
 * @property {Float64Array | null} high
 */

/** @param {(number | null)[]} values */
const numbers = (values) => Float64Array.from(values, (value) => (value === null ? NaN : value));

/** @param {any} data @returns {Column[]} */
export function columnsOf(data) {
  return data.lines.map((/** @type {any} */ line) => ({
    label: line.label,
    unit: line.unit ?? "",
    kind: line.kind ?? "",
    x: Float64Array.from(line.x),
    y: numbers(line.y),
    low: line.low?.length ? numbers(line.low) : null,
    high: line.high?.length ? numbers(line.high) : null,
  }));
}

/** The time one bar stands for: the shortest between two. @param {Column[]} columns */
export function barWidth(columns) {
  let width = Infinity;
  for (const { x } of columns) {
    for (let i = 1; i < x.length; i += 1) if (x[i] > x[i - 1]) width = Math.min(width, x[i] - x[i - 1]);
  }
  return Number.isFinite(width) ? width : 864e5;
}

/** Lines that stand on each other: a gap of one is a gap of it alone.
 * @param {Column[]} columns @param {Set<number>} hidden @returns {(Column & {floor: Float64Array})[]} */
export function stack(columns, hidden) {
  let ground = new Float64Array(columns[0]?.x.length ?? 0);
  return columns.map((column, place) => {
    const floor = ground;
    if (hidden.has(place)) return { ...column, y: column.y.map(() => NaN), floor };
    const top = column.y.map((value, i) => value + floor[i]);
    ground = floor.map((value, i) => (Number.isNaN(top[i]) ? value : top[i]));
    return { ...column, y: top, floor };
  });
}
