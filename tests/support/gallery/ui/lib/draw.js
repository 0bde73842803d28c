export function draw(place, props, nx) {
  const most = String(props.most);
  const value = String(props.ticks % props.most);
  place.replaceChildren(nx.h("meter", { min: "0", max: most, value, "aria-label": "Ticks" }), ` ${nx.quantity(props.ticks, "ticks")}`);
}
