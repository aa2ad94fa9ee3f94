/** Where a Chrome or a Chromium usually is, by platform. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join, posix, win32 } from 'node:path';
import { PlanlineError } from '../../../../core/errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const LINUX_NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
];
const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** In the order of preference. Pure. */
export function chromePlaces(platform: NodeJS.Platform, env: Variables): string[] {
  switch (platform) {
    case 'darwin': {
      const roots = ['/Applications', posix.join(env['HOME'] ?? '/', 'Applications')];
      return MAC_APPS.flatMap((app) => roots.map((root) => posix.join(root, app)));
    }
    case 'win32': {
      const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
      const known = roots.filter((root) => root !== undefined);
      return WINDOWS_PROGRAMS.flatMap((one) => known.map((root) => win32.join(root, one)));
    }
    default: {
      const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
      return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
    }
  }
}

async function isProgram(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** `chosen` wins. Throws PlanlineError `config` when there is none. */
export async function findChrome(
  chosen: string | null,
  env: Variables = process.env,
): Promise<string> {
  const places = chosen === null ? chromePlaces(process.platform, env) : [chosen];
  for (const place of places) if (await isProgram(place)) return place;
  throw new PlanlineError(
    'config',
    chosen === null
      ? 'No Chrome or Chromium was found. Install one, or say where it is (CHROME_PATH).'
      : `${chosen} (CHROME_PATH) is no program that can be run.`,
  );
}
