import { draw } from "./lib/draw.js";

export default function mount(el, { props, nx }) {
  const place = nx.h("p", { class: "gauge" });
  el.append(place);
  draw(place, props, nx);
  const heard = nx.h("p", { class: "heard" }, "nothing yet");
  el.append(heard);
  nx.on("gallery.ticked", (data) => {
    heard.textContent = `heard ${data.ticks}`;
  });
  return { update: (now) => draw(place, now, nx) };
}
