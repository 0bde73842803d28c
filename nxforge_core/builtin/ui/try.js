// @ts-check
// Sends one request of the API from the page, with the reader's own session.

const MOST = 200_000;
const SHOWN = ["content-type", "etag", "location", "retry-after", "x-request-id"];

/**
 * @param {HTMLElement} el
 * @param {{props: {operation: any, allowed: boolean}, nx: any}} handed
 */
export default function mount(el, { props, nx }) {
  const { operation, allowed } = props;
  const { h } = nx;
  const changes = operation.method !== "GET";
  const out = h("div", { class: "nx-answer", role: "status" });
  const send = h("button", { class: "nx-button primary", type: "submit" }, "Send it");
  const stop = h("button", { class: "nx-button", type: "button", hidden: true }, "Stop");
  const form = h(
    "form",
    { class: "nx-fields", submit: (/** @type {Event} */ event) => begin(event) },
    allowed ? null : h("p", { class: "nx-intro" }, `You lack ${operation.permission}: the host will refuse it.`),
    ...operation.parameters.map((/** @type {any} */ each) => field(each)),
    operation.body ? body() : null,
    h("div", { class: "nx-form-end" }, send, stop),
  );
  /** @type {AbortController | null} */
  let running = null;
  stop.addEventListener("click", () => running?.abort());
  el.append(form, out);
  return { unmount: () => running?.abort() };

  /** @param {any} each */
  function field(each) {
    const id = `nx-try-${each.place}-${each.name}`;
    const facts = { id, name: `${each.place}:${each.name}`, required: each.required, "aria-describedby": `${id}-help` };
    const options = each.choices.map((/** @type {string} */ text) => h("option", { value: text }, text));
    const control = each.choices.length
      ? h("select", facts, each.required ? null : h("option", { value: "" }, "left out"), ...options)
      : h("input", { ...facts, value: each.example, autocomplete: "off", spellcheck: "false" });
    const help = `In the ${each.place}: ${each.kind}.`;
    return h(
      "div",
      { class: "nx-field" },
      h("label", { for: id }, each.name),
      control,
      h("span", { class: "help", id: `${id}-help` }, each.required ? help : `${help} May be left out.`),
    );
  }

  function body() {
    const rows = Math.min(16, operation.body.example.split("\n").length + 1);
    const area = h("textarea", { id: "nx-try-body", class: "nx-mono", name: "body", rows, spellcheck: "false" });
    area.value = operation.body.example;
    return h("div", { class: "nx-field" }, h("label", { for: "nx-try-body" }, `Body, ${operation.body.media}`), area);
  }

  /** @param {Event} event */
  async function begin(event) {
    event.preventDefault();
    const fields = new FormData(form);
    const path = address(fields);
    const question = `Send ${operation.method} ${path}? It may change something, as you.`;
    if (changes && !(await nx.sure(question, "Send it"))) return;
    running = new AbortController();
    send.disabled = true;
    stop.hidden = false;
    out.replaceChildren(h("p", {}, "Waiting for the answer…"));
    try {
      await show(path, await request(fields, path, running.signal));
    } catch {
      const why = running.signal.aborted ? "Stopped before an answer came." : "The host does not answer.";
      if (!out.querySelector("pre")) out.replaceChildren(h("p", { class: "nx-wrong" }, why));
    } finally {
      send.disabled = false;
      stop.hidden = true;
    }
  }

  /** @param {FormData} fields */
  function address(fields) {
    let path = operation.path;
    const query = new URLSearchParams();
    for (const [name, text] of fields) {
      const [place, key] = split(name);
      if (place === "path") path = path.replace(`{${key}}`, encodeURIComponent(String(text)));
      else if (place === "query" && text !== "") query.append(key, String(text));
    }
    return query.size ? `${path}?${query}` : path;
  }

  /** @param {FormData} fields @param {string} path @param {AbortSignal} signal */
  async function request(fields, path, signal) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json, */*" };
    for (const [name, text] of fields) {
      const [place, key] = split(name);
      if (place === "header" && text !== "") headers[key] = String(text);
    }
    const sent = fields.get("body");
    if (sent) headers["Content-Type"] = operation.body.media;
    const began = performance.now();
    const answer = await nx.fetch(path, { method: operation.method, headers, body: sent || undefined, signal });
    return { answer, took: performance.now() - began };
  }

  /** @param {string} path @param {{answer: Response, took: number}} got */
  async function show(path, { answer, took }) {
    const level = answer.ok ? "ok" : "bad";
    const mark = h("span", { "aria-hidden": "true" }, answer.ok ? "● " : "◆ ");
    const status = h("span", { class: `nx-pill l-${level}` }, mark, `${answer.status} ${answer.statusText}`.trim());
    const heads = SHOWN.filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}`);
    const text = h("pre", { tabindex: "0", "aria-label": "Body of the answer" });
    out.replaceChildren(
      h("p", {}, status, ` ${operation.method} ${path}, ${took.toFixed(0)} ms`),
      h("pre", { tabindex: "0", "aria-label": "Headers of the answer" }, heads.join("\n")),
      text,
    );
    await fill(text, answer);
  }

  /** As it comes: a stream of events has no end. @param {HTMLElement} place @param {Response} answer */
  async function fill(place, answer) {
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += part.value;
      place.textContent = text.slice(0, MOST);
      if (text.length > MOST) {
        place.textContent += "\n… the rest is left out";
        running?.abort();
        return;
      }
    }
    place.textContent = pretty(text) || "no body";
  }
}

/** The place of a field and its name, which may have a colon. @param {string} name */
function split(name) {
  const at = name.indexOf(":");
  return [name.slice(0, at), name.slice(at + 1)];
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
