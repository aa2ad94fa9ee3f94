/** Which window is the operator's browser. Pure: what wmctrl prints goes in, a choice comes out. */

export interface ListedWindow {
  readonly id: number;
  /** WM_CLASS, as `instance.Class`. */
  readonly className: string;
  readonly title: string;
}

/** Class names that browsers give their windows on X11. */
const BROWSER_CLASSES =
  /\.(?:chromium(?:-browser)?|google-chrome(?:-\w+)?|brave-browser|microsoft-edge(?:-\w+)?|vivaldi-stable|opera|firefox(?:-\w+)?|navigator)$/i;

/** What browsers add to the title of a page on Windows and macOS. */
const BROWSER_TITLES =
  / [-–—] (?:Google Chrome|Chromium|Microsoft.? Edge|Brave|Vivaldi|Opera|Mozilla Firefox)(?: [-–—] .+)?$/;

/**
 * `plain` is what `wmctrl -l` prints, `classes` what `wmctrl -lx` does. A class may hold spaces, so that
 * only the host, which the first tells, shows where it ends. Titles change all the time: they are taken
 * from the second alone.
 */
export function parseWindows(plain: string, classes: string): ListedWindow[] {
  const hosts = new Map(
    plain.split('\n').map((line) => {
      const [id = '', , host = ''] = line.split(/\s+/);
      return [id, host];
    }),
  );
  return classes.split('\n').flatMap((line) => {
    const [, id = '', rest = ''] = /^(0x[0-9a-f]+)\s+-?\d+\s+(\S.*)$/.exec(line) ?? [];
    const host = hosts.get(id);
    if (host === undefined) return [];
    const end = rest.search(new RegExp(`\\s${escaped(host)}(?:\\s|$)`));
    if (end === -1) return [];
    const className = rest.slice(0, end).trimEnd();
    return [{ id: Number(id), className, title: rest.slice(end + host.length + 2) }];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

export function isBrowserClass(className: string): boolean {
  return BROWSER_CLASSES.test(className);
}

export function isBrowserTitle(title: string): boolean {
  return BROWSER_TITLES.test(title);
}

export type WindowChoice =
  | { readonly kind: 'chosen'; readonly window: ListedWindow }
  | { readonly kind: 'none' }
  | { readonly kind: 'many'; readonly count: number };

/**
 * The window that was ours before; else the one whose title holds `wanted`; else the one that shows
 * ChatGPT; else the only browser window, as a conversation's title hides the page's name.
 */
export function chooseWindow(
  windows: readonly ListedWindow[],
  wanted: string | null,
  ours: number | null,
): WindowChoice {
  const browsers = windows.filter(({ className }) => isBrowserClass(className));
  const before = browsers.find(({ id }) => id === ours);
  if (before !== undefined) return { kind: 'chosen', window: before };
  if (wanted !== null) return onlyOne(browsers.filter(({ title }) => hasTitle(title, wanted)));
  const showing = browsers.filter(({ title }) => hasTitle(title, 'ChatGPT'));
  return onlyOne(showing.length > 0 ? showing : browsers);
}

function hasTitle(title: string, wanted: string): boolean {
  return title.toLowerCase().includes(wanted.toLowerCase());
}

function onlyOne(windows: readonly ListedWindow[]): WindowChoice {
  const [first, ...others] = windows;
  if (first === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'many', count: windows.length };
  return { kind: 'chosen', window: first };
}
