export default function mount() {
  throw new Error("no such thing");
}
