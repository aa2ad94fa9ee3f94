/** Can this process drive a screen at all? Decided before anything that would crash is loaded. */
import type { DesktopPlatform } from './keys.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ScreenSession =
  | {
      readonly kind: 'usable';
      readonly platform: DesktopPlatform;
      /** The X11 display; null where there is only one screen session. */
      readonly display: string | null;
    }
  | {
      readonly kind: 'unusable';
      readonly reason: 'platform' | 'wayland' | 'no_display';
      readonly problem: string;
      readonly action: string;
    };

const OTHER_DRIVER = 'or set CHAT_DRIVER to browser or openai';

export function screenSessionOf(platform: string, env: Environment): ScreenSession {
  if (platform === 'darwin' || platform === 'win32') {
    return { kind: 'usable', platform, display: null };
  }
  if (platform !== 'linux') {
    return {
      kind: 'unusable',
      reason: 'platform',
      problem: `The desktop driver runs on Linux (X11), macOS and Windows, not on ${platform}.`,
      action: 'Set CHAT_DRIVER to browser or openai.',
    };
  }
  return linuxSession(env);
}

function linuxSession(env: Environment): ScreenSession {
  const display = env['DISPLAY'] ?? '';
  // Under Wayland there may be a DISPLAY as well: its input reaches X11 programs only, and its
  // screenshots are black.
  if (env['XDG_SESSION_TYPE'] === 'wayland' || (env['WAYLAND_DISPLAY'] ?? '') !== '') {
    return {
      kind: 'unusable',
      reason: 'wayland',
      problem: 'This is a Wayland session, which lets no program type into the window of another.',
      action: `Log out and choose a session "on Xorg" (X11) on the login screen, ${OTHER_DRIVER}.`,
    };
  }
  if (display === '') {
    return {
      kind: 'unusable',
      reason: 'no_display',
      problem: 'DISPLAY is not set, so there is no screen on which ChatGPT could be driven.',
      action: `Start planline in a terminal of the desktop session, ${OTHER_DRIVER}.`,
    };
  }
  return { kind: 'usable', platform: 'linux', display };
}
