// @ts-check
// The header: connection and age, theme.

import { build, h } from "./dom.js";
import { pause, isPaused, waiting, watch } from "./stream.js";
import { length, say } from "./words.js";

const NAMES = {
  live: say("Live"),
  lost: say("Reconnecting…"),
  paused: say("Paused"),
  out: say("Logged out"),
};
const THEMES = ["light", "dark", "contrast"];
const THEME_NAMES = { light: say("light"), dark: say("dark"), contrast: say("contrast") };

export function startShell() {
  showState();
  themes();
}

function showState() {
  const box = document.getElementById("nx-state");
  if (!box || !document.body.dataset.stream) return;
  const words = h("span", { role: "status" });
  const age = h("span", { class: "nx-hidden" });
  const button = h(
    "button",
    { type: "button", "aria-pressed": "false", click: () => pause(!isPaused()) },
    h("span", { class: "dot", "aria-hidden": "true" }),
    words,
    age,
  );
  box.replaceChildren(button);
  let since = 0;
  let last = Date.now();
  let state = "lost";
  const show = () => {
    // A stream that is opened anew is away for a moment: not worth a word.
    const shown = state === "lost" && Date.now() - since < 3000 ? box.dataset.state ?? "lost" : state;
    box.dataset.state = shown;
    const news = shown === "paused" && waiting() ? say(", {count} new", { count: waiting() }) : "";
    const text = NAMES[shown] + news;
    if (words.textContent !== text) words.textContent = text;
    const heard = say("last news {span} ago", { span: length((Date.now() - last) / 1000) });
    age.textContent =
      shown === "paused" ? say(", {heard}; press to go on", { heard }) : say(", {heard}; press to pause", { heard });
    button.title = heard;
    button.setAttribute("aria-pressed", String(shown === "paused"));
    banner(shown);
  };
  watch((now, at) => {
    if (now !== state) since = Date.now();
    state = now;
    last = at;
    show();
  });
  setInterval(show, 1000);
}

/** @param {string} state */
function banner(state) {
  const there = document.getElementById("nx-banner");
  const root = document.body.dataset.root ?? "";
  if (state !== "lost" && state !== "out") {
    there?.remove();
    return;
  }
  if (there?.dataset.state === state) return;
  there?.remove();
  const words =
    state === "out"
      ? [h("span", {}, say("Your session has ended. ")), h("a", { href: `${root}/login` }, say("Log in again"))]
      : [h("span", {}, say("The host does not answer. What you see is older; it will go on by itself."))];
  document.querySelector(".nx-top")?.after(
    h("div", { id: "nx-banner", class: "nx-banner", role: "alert", "data-state": state }, ...words),
  );
}

function themes() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  const button = h("button", { type: "button", class: "nx-round", id: "nx-theme" });
  const show = () => {
    button.replaceChildren(symbol({ light: "sun", dark: "moon", contrast: "contrast" }[current()] ?? "sun"));
    button.setAttribute("aria-label", say("Theme: {theme}. Change it", { theme: THEME_NAMES[current()] }));
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length];
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("nx-theme", next);
    } catch {
      // Storage may be refused; the theme then holds for this page.
    }
    show();
    dispatchEvent(new Event("nx-theme"));
  });
  dark.addEventListener("change", () => {
    show();
    dispatchEvent(new Event("nx-theme"));
  });
  show();
  document.getElementById("nx-state")?.after(button);
}

/** @param {string} name */
export function symbol(name) {
  const href = `${new URL("icons.svg", import.meta.url).pathname}#${name}`;
  return build(["svg", { class: "nx-icon", "aria-hidden": "true" }, [["use", { href }, []]]]);
}
