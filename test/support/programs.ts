/** Finds programs and libraries of the system that tests need. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these names that is on PATH, as a path; null when none is. */
export function findProgram(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

export function hasLibrary(file: string): boolean {
  return LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, file)));
}

const LINUX_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATHS = ['Chromium', 'Google Chrome'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const WINDOWS_PATHS = [
  'Chromium\\Application\\chrome.exe',
  'Google\\Chrome\\Application\\chrome.exe',
];

function windowsPaths(): string[] {
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => WINDOWS_PATHS.map((path) => join(folder, path)));
}

/** The path of Chromium or Chrome, or null: CHROME_PATH first, then the usual places. */
export function findChromium(): string | null {
  const given = process.env['CHROME_PATH'];
  if (given !== undefined && given !== '') return given;
  const installed = process.platform === 'win32' ? windowsPaths() : MAC_PATHS;
  return installed.find((path) => existsSync(path)) ?? findProgram(LINUX_NAMES);
}
