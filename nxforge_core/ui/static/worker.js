// @ts-check
// One event stream for all tabs of a browser: it has six connections to a host, and the
// seventh tab would never load.

/** @type {Set<MessagePort>} */
const ports = new Set();
/** @type {Map<MessagePort, {names: string[], full: string[]}>} */
const wishes = new Map();
let path = "";
let asked = "";
let state = "lost";
/** @type {EventSource | null} */
let source = null;
let retry = 0;
let heard = 0;
/** Of silence, in milliseconds: the host says every 15 seconds that it is there. */
const DEAD = 40000;

/** @param {unknown} message */
function tell(message) {
  for (const port of ports) port.postMessage(message);
}

/** @param {string} now */
function become(now) {
  state = now;
  tell({ kind: "state", state });
}

function open() {
  const wanted = [...wishes.values()];
  const names = [...new Set(wanted.flatMap((wish) => wish.names))].sort();
  const full = [...new Set(wanted.flatMap((wish) => wish.full))].sort();
  const query = new URLSearchParams({ names: names.join(","), full: full.join(",") });
  if (source && source.readyState !== EventSource.CLOSED && asked === `${query}`) return;
  asked = `${query}`;
  source?.close();
  clearTimeout(retry);
  const stream = new EventSource(`${path}?${query}`);
  source = stream;
  heard = Date.now();
  hear("hello", (data) => {
    become("live");
    tell({ kind: "hello", data });
  });
  hear("changed", (names) => tell({ kind: "changed", names }));
  hear("told", (event) => tell({ kind: "told", event }));
  hear("edition", (edition) => tell({ kind: "edition", edition }));
  hear("alive", () => {});
  stream.addEventListener("error", () => lost(stream));
}

/** @param {string} name @param {(data: any) => void} listener */
function hear(name, listener) {
  source?.addEventListener(name, (event) => {
    heard = Date.now();
    listener(JSON.parse(event.data));
  });
}

// A network may end without a word, a computer may have slept: no browser notices.
setInterval(() => {
  if (!source || source.readyState !== EventSource.OPEN || Date.now() - heard < DEAD) return;
  source.close();
  become("lost");
  open();
}, 5000);

/** @param {EventSource} stream */
async function lost(stream) {
  if (stream !== source) return;
  become("lost");
  if (stream.readyState !== EventSource.CLOSED) return;
  // Refused, not cut: find out why, because a stream does not tell.
  let refused = false;
  try {
    const answer = await fetch(path.replace(/\/ui\/stream$/, "/me"), { headers: { Accept: "application/json" } });
    refused = answer.status === 401;
  } catch {
    // No host: the next try will tell.
  }
  if (refused) become("out");
  retry = setTimeout(open, 5000);
}

/** @param {MessagePort} port */
function leave(port) {
  ports.delete(port);
  wishes.delete(port);
  if (ports.size === 0) {
    source?.close();
    source = null;
    clearTimeout(retry);
  }
}

/** @param {MessagePort} port */
function join(port) {
  port.onmessage = ({ data }) => {
    if (data.kind === "bye") {
      leave(port);
      return;
    }
    path = data.path;
    ports.add(port);
    wishes.set(port, { names: data.names, full: data.full });
    port.postMessage({ kind: "state", state });
    open();
  };
  port.start();
}

if ("SharedWorkerGlobalScope" in globalThis) {
  globalThis.onconnect = (/** @type {MessageEvent} */ event) => join(event.ports[0]);
}

export { join };
