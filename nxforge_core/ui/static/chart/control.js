// @ts-check
// Pointer and keyboard on a chart. All charts of a page show the same span and the same
// instant.

import { announce, h } from "../dom.js";
import { say } from "../words.js";

/** @typedef {(view: [number, number] | null) => void} See */

/** @type {Set<any>} */
const charts = new Set();

/** @param {any} chart @param {import("./engine.js").Engine} engine @returns {() => void} */
export function control(chart, engine) {
  const cross = h("div", { class: "nx-cross", hidden: true });
  const pick = h("div", { class: "nx-pick", hidden: true });
  const tip = h("div", { class: "nx-tip", hidden: true });
  chart.append(pick, cross, tip);
  chart.tabIndex = 0;
  chart.setAttribute("role", "group");
  chart.setAttribute("aria-roledescription", say("chart"));
  chart.setAttribute(
    "aria-label",
    say("{title}. Arrow keys move, plus and minus zoom, Escape shows everything.", { title: chart.spec.title }),
  );

  const one = { chart, engine, point, clear };
  // Hours of any day share no span and no instant with the page's other charts.
  const alone = chart.spec.axis === "day";
  if (!alone) charts.add(one);
  const peers = alone ? new Set([one]) : charts;
  const see = alone ? () => {} : look;
  let now = NaN;

  /** @param {number} at @param {boolean} own */
  function point(at, own) {
    const reading = chart.reading(at);
    const x = reading ? engine.px(reading.x) : -1;
    if (!reading || x < engine.pad.l - 1 || x > engine.w - engine.pad.r + 1) {
      clear();
      return;
    }
    now = reading.x;
    cross.hidden = false;
    cross.style.transform = `translateX(${x}px)`;
    tip.hidden = !own;
    if (!own) return;
    const mark = engine.marks.find((each) => Math.abs(engine.px(each.x) - x) < 6);
    tip.replaceChildren(
      h("strong", {}, reading.when),
      ...reading.lines.map((/** @type {any} */ line) =>
        h("div", {}, h("i", { class: `swatch s${(line.place % 8) + 1}` }), h("span", {}, line.label), h("b", {}, line.text)),
      ),
      mark ? h("div", {}, mark.text) : "",
    );
    const wide = tip.offsetWidth;
    const left = x + wide + 20 > engine.w ? x - wide - 12 : x + 12;
    tip.style.transform = `translate(${Math.max(0, left)}px, ${engine.pad.t}px)`;
  }

  function clear() {
    cross.hidden = tip.hidden = true;
  }

  const all = (/** @type {number} */ at) => peers.forEach((each) => each.point(at, each === one));
  const stop = pointer(chart, engine, pick, all, () => peers.forEach((each) => each.clear()), see);
  chart.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => keys(event, engine, now, all, chart, see));
  chart.addEventListener("blur", clear);
  const theme = () => engine.retheme();
  const before = () => paper(engine, true);
  const after = () => paper(engine, false);
  addEventListener("nx-theme", theme);
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    charts.delete(one);
    stop();
    engine.destroy();
    removeEventListener("nx-theme", theme);
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
}

/** On paper: light colours, and three times as fine. @param {import("./engine.js").Engine} engine @param {boolean} printing */
function paper(engine, printing) {
  const html = document.documentElement;
  if (printing) {
    if (html.dataset.kept === undefined) html.dataset.kept = html.dataset.theme ?? "";
    html.dataset.theme = "light";
  } else if (html.dataset.kept !== undefined) {
    if (html.dataset.kept) html.dataset.theme = html.dataset.kept;
    else delete html.dataset.theme;
    delete html.dataset.kept;
  }
  engine.scale = printing ? 3 : 0;
  engine.resize();
}

/** @param {any} chart @param {import("./engine.js").Engine} engine @param {HTMLElement} pick @param {(at: number) => void} all @param {() => void} none @param {See} see */
function pointer(chart, engine, pick, all, none, see) {
  let start = -1;
  let moved = false;
  const local = (/** @type {PointerEvent} */ event) => event.clientX - chart.getBoundingClientRect().left;
  chart.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    const x = local(event);
    if (start >= 0 && Math.abs(x - start) > 4) {
      moved = true;
      pick.hidden = false;
      pick.style.left = `${Math.min(x, start)}px`;
      pick.style.width = `${Math.abs(x - start)}px`;
    }
    all(engine.at(x));
  });
  chart.addEventListener("pointerleave", () => start < 0 && none());
  chart.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    start = local(event);
    moved = false;
    chart.setPointerCapture(event.pointerId);
  });
  chart.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
    const ends = [start, local(event)].sort((a, b) => a - b).map((x) => engine.at(x));
    if (start >= 0 && moved && ends[1] > ends[0]) see([ends[0], ends[1]]);
    start = -1;
    pick.hidden = true;
  });
  chart.addEventListener("dblclick", () => see(null));
  const wheel = (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(see, engine, event.deltaY > 0 ? 1.25 : 0.8, engine.at(event.clientX - chart.getBoundingClientRect().left));
  };
  chart.addEventListener("wheel", wheel, { passive: false });
  return () => chart.removeEventListener("wheel", wheel);
}

/** @param {KeyboardEvent} event @param {import("./engine.js").Engine} engine @param {number} now @param {(at: number) => void} all @param {any} chart @param {See} see */
function keys(event, engine, now, all, chart, see) {
  const [low, high] = engine.range();
  const at = now >= low && now <= high ? now : (low + high) / 2;
  const step = (high - low) / 100;
  const move = (/** @type {number} */ to) => {
    all(Math.min(Math.max(to, low), high));
    const reading = chart.reading(Math.min(Math.max(to, low), high));
    if (!reading) return;
    announce(`${reading.when}: ${reading.lines.map((/** @type {any} */ l) => `${l.label} ${l.text}`).join(", ")}`);
  };
  /** @type {Record<string, () => void>} */
  const what = {
    ArrowLeft: () => (event.shiftKey ? pan(see, engine, -0.25) : move(at - step)),
    ArrowRight: () => (event.shiftKey ? pan(see, engine, 0.25) : move(at + step)),
    Home: () => move(low),
    End: () => move(high),
    "+": () => zoom(see, engine, 0.8, at),
    "-": () => zoom(see, engine, 1.25, at),
    Escape: () => see(null),
  };
  if (!what[event.key]) return;
  event.preventDefault();
  what[event.key]();
}

/** @param {See} see @param {import("./engine.js").Engine} engine @param {number} factor @param {number} at */
function zoom(see, engine, factor, at) {
  const [low, high] = engine.range();
  see([at - (at - low) * factor, at + (high - at) * factor]);
}

/** @param {See} see @param {import("./engine.js").Engine} engine @param {number} share */
function pan(see, engine, share) {
  const [low, high] = engine.range();
  see([low + (high - low) * share, high + (high - low) * share]);
}

let later = 0;

/** Every chart looks at the same span, finer data follow. @param {[number, number] | null} view */
function look(view) {
  for (const { engine } of charts) engine.setView(view);
  clearTimeout(later);
  later = setTimeout(() => {
    const params = new URLSearchParams(location.search);
    params.delete("from");
    params.delete("to");
    if (view) {
      params.set("from", new Date(view[0]).toISOString());
      params.set("to", new Date(view[1]).toISOString());
    }
    history.replaceState(null, "", params.size ? `?${params}` : location.pathname);
    for (const { chart } of charts) if (chart.spec.windowed) chart.load().catch(() => {});
  }, 300);
}
