/** Which keys do what on which platform. Data only; names are those of nut-js. */

export const KEY_NAMES = [
  'LeftControl',
  'LeftShift',
  'LeftAlt',
  'LeftCmd',
  'LeftMeta',
  'A',
  'C',
  'K',
  'L',
  'O',
  'V',
  'W',
  'End',
  'Down',
  'Delete',
  'Escape',
  'Enter',
] as const;
export type KeyName = (typeof KEY_NAMES)[number];
/** Pressed in this order, released in the opposite one. */
export type Chord = readonly KeyName[];

export type DesktopPlatform = 'linux' | 'darwin' | 'win32';

/**
 * Keys that would change what a person types, were they left held down. nut-js knows not every name on
 * every platform, and letting go of the Windows key may open a menu.
 */
export const MODIFIERS: Readonly<Record<DesktopPlatform, Chord>> = {
  linux: ['LeftControl', 'LeftShift', 'LeftAlt', 'LeftMeta'],
  win32: ['LeftControl', 'LeftShift', 'LeftAlt'],
  darwin: ['LeftControl', 'LeftShift', 'LeftAlt', 'LeftCmd'],
};

export type Shortcut =
  // The editing keys of any program.
  | 'selectAll'
  | 'copy'
  | 'paste'
  | 'delete'
  | 'toEnd'
  | 'enter'
  | 'escape'
  // The browser's own.
  | 'addressBar'
  | 'closeTab'
  // The page's. They are not official: when the page does not take them, the browser does, which
  // shows as another window, another address, or nothing on the clipboard.
  | 'newChat'
  | 'focusComposer'
  | 'copyAnswer'
  | 'search';

function keysWith(main: KeyName, toEnd: Chord): Readonly<Record<Shortcut, Chord>> {
  return {
    selectAll: [main, 'A'],
    copy: [main, 'C'],
    paste: [main, 'V'],
    delete: ['Delete'],
    toEnd,
    enter: ['Enter'],
    escape: ['Escape'],
    addressBar: [main, 'L'],
    closeTab: [main, 'W'],
    newChat: [main, 'LeftShift', 'O'],
    focusComposer: ['LeftShift', 'Escape'],
    copyAnswer: [main, 'LeftShift', 'C'],
    search: [main, 'K'],
  };
}

export const KEYS: Readonly<Record<DesktopPlatform, Readonly<Record<Shortcut, Chord>>>> = {
  linux: keysWith('LeftControl', ['LeftControl', 'End']),
  win32: keysWith('LeftControl', ['LeftControl', 'End']),
  darwin: keysWith('LeftCmd', ['LeftCmd', 'Down']),
};
