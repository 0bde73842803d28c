// @ts-check
// What happens on the host, told to this page: through the worker that all tabs share, or
// from here where there is none.

/** @type {Map<string, Set<(event: any) => void>>} */
const listeners = new Map();
const page = { names: new Set(), full: new Set(), paused: false, waiting: 0 };
/** @type {Set<(state: string, at: number) => void>} */
const watchers = new Set();
/** @type {MessagePort | null} */
let port = null;
let state = "lost";
let at = Date.now();
let edition = "";
/** @type {(edition: string) => void} */
let swap = () => {};

/** @param {(state: string, at: number) => void} watcher */
export function watch(watcher) {
  watchers.add(watcher);
  watcher(page.paused ? "paused" : state, at);
}

export const isPaused = () => page.paused;
export const waiting = () => page.waiting;

/** Be told when other plugins, or others of their files, are at work. @param {(edition: string) => void} listener */
export function onEdition(listener) {
  swap = listener;
}

/** @param {string} now */
function changed(now) {
  edition = now;
  if (!page.paused) swap(now);
}

/** @param {boolean} paused */
export function pause(paused) {
  page.paused = paused;
  const missed = page.waiting;
  page.waiting = 0;
  show();
  if (!paused && edition) swap(edition);
  if (!paused && missed) for (const name of page.names) fire(name, null);
}

/**
 * Be told when something has happened, with nothing but that it has.
 * @param {string} name @param {(event: any) => void} listener @returns {() => void}
 */
export function onChange(name, listener) {
  return add(page.names, name, listener);
}

/**
 * Be told of each event, with its data.
 * @param {string} name @param {(event: any) => void} listener @returns {() => void}
 */
export function onEvent(name, listener) {
  return add(page.full, `${name}`, listener, "full:");
}

/** @param {Set<string>} set @param {string} name @param {(event: any) => void} listener @param {string} kind */
function add(set, name, listener, kind = "") {
  const key = kind + name;
  if (!listeners.has(key)) listeners.set(key, new Set());
  listeners.get(key)?.add(listener);
  if (!set.has(name)) {
    set.add(name);
    if (port) queueMicrotask(say);
  }
  return () => listeners.get(key)?.delete(listener);
}

/** Begin; without a path the page is not live. */
export function connect() {
  const path = document.body.dataset.stream;
  if (!path) return;
  port = open();
  port.onmessage = ({ data }) => hear(data);
  say();
  addEventListener("pagehide", () => port?.postMessage({ kind: "bye" }));
  addEventListener("pageshow", (event) => event.persisted && say());
}

function open() {
  const url = new URL("worker.js", import.meta.url).href;
  if ("SharedWorker" in globalThis) {
    const trusted = globalThis.trustedTypes?.createPolicy("nx", {
      // The one address that the policy lets through.
      createScriptURL: (given) => (given === url ? given : ""),
    });
    const made = trusted ? trusted.createScriptURL(url) : url;
    return new SharedWorker(/** @type {any} */ (made), { type: "module" }).port;
  }
  const channel = new MessageChannel();
  import("./worker.js").then(({ join }) => join(channel.port2));
  // A tab that nobody sees must not hold one of six connections.
  let sleep = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = setTimeout(() => channel.port1.postMessage({ kind: "bye" }), 20000);
    else say();
  });
  return channel.port1;
}

function say() {
  const path = document.body.dataset.stream;
  port?.postMessage({ kind: "hello", path, names: [...page.names], full: [...page.full] });
}

/** @param {any} message */
function hear(message) {
  if (message.kind === "state") {
    state = message.state;
    show();
    return;
  }
  at = Date.now();
  if (message.kind === "hello") {
    const mine = new URL(".", import.meta.url).pathname.split("/").at(-2);
    // The host is another one than made this page: its modules are newer, too.
    if (message.data.digest !== mine && !document.querySelector("form [data-touched]")) renew();
    changed(message.data.edition);
    if (message.data.missed) for (const name of page.names) fire(name, null);
  }
  if (message.kind === "edition") changed(message.edition);
  if (message.kind === "changed") for (const name of message.names) fire(name, null);
  if (message.kind === "told") fire(`full:${message.event.name}`, message.event);
  show();
}

/** Once a minute at the most: hosts of two versions may answer in turn. */
function renew() {
  const last = Number(sessionStorage.getItem("nx-renewed") ?? 0);
  if (Date.now() - last < 60000) return;
  sessionStorage.setItem("nx-renewed", String(Date.now()));
  location.reload();
}

/** @param {string} name @param {any} event */
function fire(name, event) {
  if (page.paused) {
    page.waiting += 1;
    return;
  }
  for (const [key, found] of listeners) {
    if (!covers(key, name)) continue;
    for (const listener of found) {
      try {
        listener(event);
      } catch (error) {
        console.warn("a listener failed", error);
      }
    }
  }
}

/** @param {string} pattern @param {string} name */
function covers(pattern, name) {
  return pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)));
}

function show() {
  for (const watcher of watchers) watcher(page.paused ? "paused" : state, at);
}
