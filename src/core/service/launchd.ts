/** The daemon as a launchd agent of a person on macOS: it has their screen and their keychain's session. */
import { escapeText } from '../escape.ts';
import { SERVICE_MARK, type ServiceSettings } from './settings.ts';
import type { Before, ServiceStep } from './step.ts';

const RESTART_SECONDS = 30;
/** As launchd wants it: decimal. */
const UMASK = 0o077;

/** No such process; operation now in progress. */
const BOOTED_OUT = [3, 36];
/** An agent on its way out stands in the way: input/output error, operation already in progress. */
const STILL_LEAVING = [5, 37];

const string = (text: string): string => `<string>${escapeText(text)}</string>`;

/** Its label, and with `.plist` its file. */
export function launchdLabel({ name }: Pick<ServiceSettings, 'name'>): string {
  return `dev.planline.${name}`;
}

/** The text of the property list. Paths are absolute and hold no control characters. */
export function launchdPlist(settings: ServiceSettings): string {
  const { nodePath, mainPath, directory, home } = settings;
  const entries: readonly (readonly [key: string, value: string])[] = [
    ['Label', string(launchdLabel(settings))],
    ['ProgramArguments', `<array>${[nodePath, mainPath, 'daemon'].map(string).join('')}</array>`],
    // Settings and keys are in .env there.
    ['WorkingDirectory', string(directory)],
    ['RunAtLoad', '<true/>'],
    ['KeepAlive', '<dict><key>SuccessfulExit</key><false/></dict>'],
    ['ThrottleInterval', `<integer>${RESTART_SECONDS}</integer>`],
    ['LimitLoadToSessionType', string('Aqua')],
    ['ProcessType', string(settings.needsScreen ? 'Interactive' : 'Background')],
    ['Umask', `<integer>${UMASK}</integer>`],
    ['StandardOutPath', string(`${home}/logs/service.log`)],
    ['StandardErrorPath', string(`${home}/logs/service.log`)],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${SERVICE_MARK} -->`,
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...entries.map(([key, value]) => `  <key>${key}</key>${value}`),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

/** `path` is of its property list, `domain` of the person, as launchctl names it. */
export interface LaunchdAgent {
  readonly domain: string;
  readonly label: string;
  readonly path: string;
}

/** launchd loads no agent twice, and goes on by the definition that it loaded. */
export function launchdStart(
  { domain, label, path }: LaunchdAgent,
  { definition, isLoaded }: Before,
): readonly ServiceStep[] {
  const agent = `${domain}/${label}`;
  if (isLoaded && definition === 'same') return [{ words: ['launchctl', 'kickstart', agent] }];
  return [
    ...(isLoaded
      ? [{ words: ['launchctl', 'bootout', agent], fine: BOOTED_OUT } satisfies ServiceStep]
      : []),
    { words: ['launchctl', 'bootstrap', domain, path], notYet: STILL_LEAVING },
  ];
}
