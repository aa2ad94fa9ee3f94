/** What the parts of the driver share, and what it remembers from one prompt to the next. */
import type { Clock, Log } from '../../../ports.ts';
import { installClipboardShim } from './clipboard-shim.ts';
import { createHelper, type Helper } from './helper-link.ts';
import { type Chord, KEYS, MODIFIERS, type Shortcut } from './keys.ts';
import type { ClipboardContent, Point } from './messages.ts';
import { type Environment, type ScreenSession, screenSessionOf } from './screen-session.ts';
import type { OwnWords } from './own-words.ts';
import { TIMINGS, type Timings } from './timings.ts';
import { createWindowManager, type WindowManager } from './window-manager.ts';

export interface DesktopSettings {
  /** Where a new chat begins, such as https://chatgpt.com/ */
  readonly chatUrl: string;
  /** Folder of our own, for the lock and for programs that are put in the helper's PATH. */
  readonly home: string;
  /** Part of the title of the browser window to use; null for the one that shows ChatGPT. */
  readonly windowTitle: string | null;
  /** For one answer, from the first key to its last word. */
  readonly timeoutMs: number;
  /** IANA name, in which the page names the times at which limits end. */
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<Timings>;
  /** Of the desktop session: DISPLAY, PATH and what else its programs need; this process's own by default. */
  readonly environment?: Environment;
  /** `process.platform` by default. */
  readonly platform?: string;
}

export interface Session {
  readonly settings: DesktopSettings;
  readonly screen: ScreenSession;
  readonly environment: Environment;
  readonly timings: Timings;
  readonly keys: Readonly<Record<Shortcut, Chord>>;
  readonly helper: Helper;
  /** Null where windows are not chosen by us. */
  readonly windows: WindowManager | null;
  readonly memory: Memory;
}

/** Facts about the desk and the account that outlive one prompt. */
export interface Memory {
  /** Our window, once it was proved. */
  windowId: number | null;
  /** Where we left the pointer. */
  pointer: Point | null;
  /** The page shows what went wrong the last time: it is loaded anew before anything else. */
  reloadFirst: boolean;
  /** How often the page has throttled in a row. */
  throttles: number;
  /** The operator's clipboard that could not be given back, and what we had put in its place. */
  owed: { readonly kept: ClipboardContent; readonly ours: OwnWords } | null;
}

export function createSession(settings: DesktopSettings): Session {
  const environment = passedOn(settings.environment ?? process.env);
  const screen = screenSessionOf(settings.platform ?? process.platform, environment);
  const platform = screen.kind === 'usable' ? screen.platform : 'linux';
  const timings = { ...TIMINGS, ...settings.timings };
  return {
    settings,
    screen,
    environment,
    timings,
    keys: KEYS[platform],
    helper: createHelper({
      environment: () => helperEnvironment(settings.home, platform, environment),
      modifiers: MODIFIERS[platform],
      timings,
      clock: settings.clock,
      log: settings.log,
    }),
    windows: platform === 'linux' ? createWindowManager(environment) : null,
    memory: { windowId: null, pointer: null, reloadFirst: false, throttles: 0, owed: null },
  };
}

/** What programs of a desktop session need of its environment: no key and no token of ours. */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PATHEXT|COMSPEC)$/i;

function passedOn(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
}

async function helperEnvironment(
  home: string,
  platform: string,
  environment: Environment,
): Promise<Environment> {
  if (platform !== 'linux') return environment;
  return { ...environment, PATH: await installClipboardShim(home, environment['PATH'] ?? '') };
}
