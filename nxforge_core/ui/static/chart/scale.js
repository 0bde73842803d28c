// @ts-check
// Round values of axes, and where columns of numbers begin.

const SECOND = 1e3;
const MINUTE = 6e4;
const HOUR = 36e5;
const DAY = 864e5;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14].map((n) => n * DAY),
];

/** @param {number} span @param {number} count */
export function niceStep(span, count) {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10) * power;
}

/** The first place in [0, n) whose value is not below. @param {Float64Array} column @param {number} n @param {number} value */
export function lowerBound(column, n, value) {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Instants to name, by the reader's own clock, or by one on the wall, which is told in UTC.
 * @param {number} low @param {number} high @param {number} most @param {boolean} [wall] */
export function timeTicks(low, high, most, wall = false) {
  const wanted = (high - low) / most;
  const step = STEPS.find((each) => each >= wanted);
  if (wall) return { ticks: range(low, high, step ?? HOUR), step: step ?? HOUR };
  if (step === undefined) return { ticks: months(low, high, wanted), step: 30 * DAY };
  return { ticks: step >= DAY ? days(low, high, step / DAY) : evenly(low, high, step), step };
}

/** @param {number} low @param {number} high @param {number} step */
function evenly(low, high, step) {
  const offset = new Date(low).getTimezoneOffset() * MINUTE;
  return range(low - offset, high - offset, step).map((at) => at + offset);
}

/** @param {number} low @param {number} high @param {number} step */
function range(low, high, step) {
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) found.push(at);
  return found;
}

/** Midnights: days are not all equally long. @param {number} low @param {number} high @param {number} every */
function days(low, high, every) {
  const at = new Date(low);
  at.setHours(0, 0, 0, 0);
  const found = [];
  for (; +at <= high; at.setDate(at.getDate() + every)) if (+at >= low) found.push(+at);
  return found;
}

/** @param {number} low @param {number} high @param {number} wanted */
function months(low, high, wanted) {
  const every = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => n * 30 * DAY >= wanted) ?? 120;
  const at = new Date(low);
  at.setHours(0, 0, 0, 0);
  at.setMonth(every >= 12 ? 0 : at.getMonth(), 1);
  const found = [];
  for (; +at <= high; at.setMonth(at.getMonth() + every)) if (+at >= low) found.push(+at);
  return found;
}

const lang = globalThis.document?.documentElement.lang || undefined;
/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(lang, options);
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const second = format(/** @type {any} */ ({ ...CLOCK, second: "2-digit" }));
const minute = format(/** @type {any} */ (CLOCK));
const day = format({ month: "short", day: "numeric" });
const wallClock = format(/** @type {any} */ ({ ...CLOCK, timeZone: "UTC" }));
const month = format({ month: "short", year: "numeric" });

/** @param {number} at @param {number} step */
export function tickName(at, step) {
  if (step >= 28 * DAY) return month.format(at);
  if (step >= DAY) return day.format(at);
  const midnight = new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0;
  if (midnight && step >= MINUTE) return day.format(at);
  return (step < MINUTE ? second : minute).format(at);
}

/** The hour of a day that is no day of the calendar. @param {number} at */
export const hourName = (at) => wallClock.format(at);
