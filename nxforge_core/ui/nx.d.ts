// Types for modules of plugins. Copy the file beside your modules; then
//
//   /** @type {import("./nx").Mount<{ most: number }>} */
//   export default function mount(el, { props, nx }) { ... }
//
// is checked by `tsc --noEmit --allowJs --checkJs`.

/** What the host hands a module; it grows by additions, which `version` counts. */
export interface Kit {
  readonly version: 1;
  /** The path the host is mounted at, without a slash at its end. */
  readonly root: string;
  /** Make an element; functions among the attributes become listeners. */
  h(
    tag: string,
    attributes?: Record<string, unknown>,
    ...children: (Node | string | number | null | undefined)[]
  ): HTMLElement;
  /** A number and its unit as the reader writes them. */
  quantity(value: number, unit?: string): string;
  /** An instant in the reader's own zone. */
  instant(at: number | Date): string;
  /** Be told of each event, with its data; the answer ends it. */
  on<Data = any>(name: string, listener: (data: Data, event: Happened<Data>) => void): () => void;
  /** Be told that something happened, once a second at the most; the answer ends it. */
  onChange(name: string, listener: () => void): () => void;
  /** Ask in the page's own dialog; `yes` is what the button says. */
  sure(question: string, yes: string): Promise<boolean>;
  /** Ask a path of the host, below where it is mounted, as the reader. */
  fetch(path: string, options?: RequestInit): Promise<Response>;
}

/** One event. */
export interface Happened<Data = any> {
  name: string;
  id: string;
  at: string;
  data: Data;
}

/** What a module may answer. */
export interface Handle<Props> {
  /** There are new props: the source of the widget was asked again. */
  update?(props: Props): void;
  /** The card goes away. */
  unmount?(): void;
}

/** The default export of a module. */
export type Mount<Props = Record<string, unknown>> = (
  el: HTMLElement,
  given: { props: Props; nx: Kit },
) => Handle<Props> | void | Promise<Handle<Props> | void>;
