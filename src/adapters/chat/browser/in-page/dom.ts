/** The part of the DOM that is used in the page. The project is built for Node, without DOM types. */

export interface PageNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<PageNode> & Iterable<PageNode>;
}

export interface PageScroller {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

export interface PageElement extends PageNode, PageScroller {
  readonly tagName: string;
  readonly outerHTML: string;
  readonly isConnected: boolean;
  readonly parentElement: PageElement | null;
  readonly classList: { contains(name: string): boolean };
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  matches(css: string): boolean;
  closest(css: string): PageElement | null;
  contains(other: PageNode | null): boolean;
  querySelector(css: string): PageElement | null;
  querySelectorAll(css: string): Iterable<PageElement>;
  checkVisibility(options: { opacityProperty: boolean; visibilityProperty: boolean }): boolean;
  getBoundingClientRect(): { width: number; height: number; left: number; right: number };
  scrollIntoView(options: { block: 'end' | 'start' | 'center' }): void;
  cloneNode(deep: boolean): PageElement;
  remove(): void;
  click(): void;
  focus(): void;
  dispatchEvent(event: unknown): boolean;
}

export interface PageDocument {
  readonly title: string;
  readonly body: PageElement | null;
  readonly activeElement: PageElement | null;
  readonly documentElement: PageElement;
  readonly scrollingElement: PageElement | null;
  querySelector(css: string): PageElement | null;
  querySelectorAll(css: string): Iterable<PageElement>;
  getSelection(): PageSelection | null;
}

export interface PageSelection {
  selectAllChildren(element: PageElement): void;
  collapseToEnd(): void;
}
