/** The environment, read in one place. A bad value is one clear message that names it. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import {
  DASHBOARD_HOST,
  dashboardOf,
  dashboardPort,
  dashboardUrl,
  tokenFault,
  type DashboardSettings,
} from './config-dashboard.ts';
import {
  crashOrder,
  cronFields,
  emails,
  isTimeZone,
  key,
  oneOf,
  quietHours,
  url,
  wholeNumber,
} from './config-fields.ts';
import type { CrashOrder } from './core/crash-points.ts';
import { messageOf, PlanlineError } from './core/errors.ts';
import type { Pacing } from './core/pacing.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as one that is not set: `.env.example` leaves many empty. */
function unsetWhenEmpty(environment: Variables): Variables {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
}

const CHAT_DRIVERS = ['browser', 'desktop', 'openai', 'rehearsal'] as const;

/** A person's own account: without a pace of its own it is asked at a person's. */
const PAGE_GAP_SECONDS = 15;
const PAGE_MAX_PER_HOUR = 60;

const environment = z.object({
  SUPABASE_URL: url(['https://', 'http://']).optional(),
  SUPABASE_SECRET_KEY: key.optional(),
  SUPABASE_SERVICE_ROLE_KEY: key.optional(),
  PLANLINE_HOME: z.string().default('.planline'),
  RUNS_DIR: z.string().default('runs'),
  PROMPTS_DIR: z.string().optional(),
  COLD_STORAGE_DIR: z.string().optional(),
  BLOCK_COUNT: wholeNumber(1, 60).default(15),
  MAX_RETRIES: wholeNumber(0, 20).default(3),
  RETRY_BASE_MS: wholeNumber(1, 3_600_000).default(30_000),
  MAX_REPAIRS: wholeNumber(0, 5).default(1),
  SWEEP_CRON: cronFields.default('0 6 * * *'),
  SWEEP_TZ: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Bratislava')
    .optional(),
  POLL_SECONDS: wholeNumber(1, 3_600).default(60),
  LEASE_SECONDS: wholeNumber(2, 3_600).default(120),
  LEAD_CONCURRENCY: wholeNumber(1, 64).default(2),
  CHAT_DRIVER: oneOf(CHAT_DRIVERS).optional(),
  CHAT_CONCURRENCY: wholeNumber(1, 32).default(1),
  CHAT_TIMEOUT_SECONDS: wholeNumber(5, 7_200).default(600),
  CHAT_GAP_SECONDS: wholeNumber(0, 3_600).optional(),
  CHAT_MAX_PER_HOUR: wholeNumber(0, 10_000).optional(),
  CHAT_QUIET_HOURS: quietHours.optional(),
  CHAT_URL: url(['https://', 'http://']).default('https://chatgpt.com/'),
  CHAT_PROFILE_DIR: z.string().optional(),
  CHAT_CDP_URL: url(['http://', 'ws://']).optional(),
  CHAT_WINDOW_TITLE: z.string().optional(),
  CHROME_PATH: z.string().optional(),
  OPENAI_API_KEY: key.optional(),
  OPENAI_BASE_URL: url(['https://', 'http://']).optional(),
  OPENAI_MODEL: z.string().default('gpt-5'),
  OPENAI_API: oneOf(['responses', 'chat']).default('responses'),
  SLACK_WEBHOOK_URL: url(['https://', 'http://']).optional(),
  SMTP_URL: url(['smtp://', 'smtps://']).optional(),
  EMAIL_FROM: z.string().optional(),
  EMAIL_TO: emails.optional(),
  NOTIFY_PII: oneOf(['none', 'name']).default('none'),
  NOTIFY_DIGEST_MINUTES: wholeNumber(0, 1_440).default(10),
  DASHBOARD_PORT: dashboardPort.default(4_400),
  DASHBOARD_HOST: z.string().trim().default(DASHBOARD_HOST),
  DASHBOARD_TOKEN: key.min(16, 'must have at least 16 characters').optional(),
  DASHBOARD_URL: dashboardUrl.optional(),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error']).default('info'),
  PLANLINE_CRASH_AT: crashOrder.optional(),
  // Set by systemd, so they are not in .env.example.
  NOTIFY_SOCKET: z.string().optional(),
  WATCHDOG_USEC: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

type Fault = readonly [name: string, fault: string];

/** What only several variables together show; looked for whatever else is wrong. */
function togetherFaults(env: Variables): Fault[] {
  const faults: Fault[] = [];
  const supabaseUrl = env['SUPABASE_URL'];
  const secretKey = env['SUPABASE_SECRET_KEY'] ?? env['SUPABASE_SERVICE_ROLE_KEY'];
  if (supabaseUrl !== undefined && secretKey === undefined) {
    const fault = 'is needed with SUPABASE_URL (Project settings, API keys)';
    faults.push(['SUPABASE_SECRET_KEY', fault]);
  }
  if (supabaseUrl === undefined && secretKey !== undefined) {
    faults.push([
      'SUPABASE_URL',
      'is needed with SUPABASE_SECRET_KEY (Project settings, Data API)',
    ]);
  }
  if (secretKey?.startsWith('sb_publishable_') === true) {
    faults.push(['SUPABASE_SECRET_KEY', 'is a publishable key; planline needs the secret key']);
  }
  if (env['CHAT_DRIVER'] === 'openai' && env['OPENAI_API_KEY'] === undefined) {
    faults.push(['OPENAI_API_KEY', 'is needed with CHAT_DRIVER=openai']);
  }
  const isMailWhole = env['EMAIL_FROM'] !== undefined && env['EMAIL_TO'] !== undefined;
  if (env['SMTP_URL'] !== undefined && !isMailWhole) {
    faults.push(['SMTP_URL', 'needs EMAIL_FROM and EMAIL_TO beside it']);
  }
  const tokenless = tokenFault(env);
  if (tokenless !== null) faults.push(['DASHBOARD_TOKEN', tokenless]);
  return faults;
}

export interface Config {
  /** Null for the embedded Supabase. */
  readonly supabase: { readonly url: string; readonly secretKey: string } | null;
  readonly home: string;
  readonly runsDir: string;
  /** Null for the templates that planline comes with. */
  readonly promptsDir: string | null;
  readonly coldStorageDir: string | null;
  readonly blockCount: number;
  readonly maxRetries: number;
  readonly retryBaseMs: number;
  readonly maxRepairs: number;
  readonly sweepCron: string;
  readonly sweepTz: string;
  readonly pollMs: number;
  readonly leaseMs: number;
  readonly leadConcurrency: number;
  /** Null when none was chosen for a hosted project. */
  readonly chatDriver: (typeof CHAT_DRIVERS)[number] | null;
  readonly chatConcurrency: number;
  readonly chatTimeoutMs: number;
  /** Null where nothing holds prompts back. */
  readonly pacing: Pacing | null;
  readonly openai: {
    readonly apiKey: string;
    readonly baseUrl: string | null;
    readonly model: string;
    readonly api: 'responses' | 'chat';
  } | null;
  /** ChatGPT as a page in a browser, for the drivers `browser` and `desktop`. */
  readonly chatPage: {
    readonly url: string;
    /** Of the Chrome that planline opens for `browser`. */
    readonly profileDir: string;
    /** Null: read from the profile. */
    readonly cdpUrl: string | null;
    /** Null: looked for in the usual places. */
    readonly chromePath: string | null;
    /** What the title of the operator's window holds; null for the page's own name. */
    readonly windowTitle: string | null;
  };
  readonly slackWebhookUrl: string | null;
  readonly email: { readonly smtpUrl: string; readonly from: string; readonly to: string[] } | null;
  readonly notify: {
    /** Clients' names stand beside their ids. */
    readonly withNames: boolean;
    /** 0: each lead is told by itself, however many end at once. */
    readonly digestMs: number;
  };
  /** Null when it is switched off. */
  readonly dashboard: DashboardSettings | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Null unless systemd started this process and wants to hear of it; `watchdogMs` null: not regularly. */
  readonly supervisor: { readonly watchdogMs: number | null } | null;
  /** Null but in tests that end the process at a named instant. */
  readonly crashOrder: CrashOrder | null;
  /** Values that must never appear in a log. */
  readonly secrets: readonly string[];
}

type Environment = z.output<typeof environment>;

/** The embedded database rehearses unless told otherwise; with real leads nothing is guessed. */
function chatDriverOf(env: Environment): Config['chatDriver'] {
  return env.CHAT_DRIVER ?? (env.SUPABASE_URL === undefined ? 'rehearsal' : null);
}

function timeZoneOf(env: Environment): string {
  return env.SWEEP_TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isPageDriver(driver: Config['chatDriver']): boolean {
  return driver === 'browser' || driver === 'desktop';
}

/** 0 stands for none in both numbers. */
function pacingOf(env: Environment): Pacing | null {
  const isPage = isPageDriver(chatDriverOf(env));
  const gapMs = (env.CHAT_GAP_SECONDS ?? (isPage ? PAGE_GAP_SECONDS : 0)) * 1_000;
  const perHour = env.CHAT_MAX_PER_HOUR ?? (isPage ? PAGE_MAX_PER_HOUR : 0);
  const quiet = env.CHAT_QUIET_HOURS ?? null;
  if (gapMs === 0 && perHour === 0 && quiet === null) return null;
  return { gapMs, perHour: perHour === 0 ? null : perHour, quiet, timeZone: timeZoneOf(env) };
}

function supabaseOf(env: Environment): Config['supabase'] {
  const secretKey = env.SUPABASE_SECRET_KEY ?? env.SUPABASE_SERVICE_ROLE_KEY;
  if (env.SUPABASE_URL === undefined || secretKey === undefined) return null;
  return { url: env.SUPABASE_URL, secretKey };
}

function openaiOf(env: Environment): Config['openai'] {
  if (env.OPENAI_API_KEY === undefined) return null;
  return {
    apiKey: env.OPENAI_API_KEY,
    baseUrl: env.OPENAI_BASE_URL ?? null,
    model: env.OPENAI_MODEL,
    api: env.OPENAI_API,
  };
}

function chatPageOf(env: Environment, home: string, cwd: string): Config['chatPage'] {
  const { CHAT_PROFILE_DIR: profileDir } = env;
  return {
    url: env.CHAT_URL,
    profileDir: profileDir === undefined ? resolve(home, 'chrome') : resolve(cwd, profileDir),
    cdpUrl: env.CHAT_CDP_URL ?? null,
    chromePath: env.CHROME_PATH ?? null,
    windowTitle: env.CHAT_WINDOW_TITLE ?? null,
  };
}

function emailOf(env: Environment): Config['email'] {
  const { SMTP_URL: smtpUrl, EMAIL_FROM: from, EMAIL_TO: to } = env;
  if (smtpUrl === undefined || from === undefined || to === undefined) return null;
  return { smtpUrl, from, to };
}

function supervisorOf(env: Environment): Config['supervisor'] {
  if (env.NOTIFY_SOCKET === undefined) return null;
  return { watchdogMs: env.WATCHDOG_USEC === undefined ? null : env.WATCHDOG_USEC / 1_000 };
}

function toConfig(env: Environment, cwd: string): Config {
  const path = (value: string | undefined) => (value === undefined ? null : resolve(cwd, value));
  const home = resolve(cwd, env.PLANLINE_HOME);
  return {
    supabase: supabaseOf(env),
    home,
    runsDir: resolve(cwd, env.RUNS_DIR),
    promptsDir: path(env.PROMPTS_DIR),
    coldStorageDir: path(env.COLD_STORAGE_DIR),
    blockCount: env.BLOCK_COUNT,
    maxRetries: env.MAX_RETRIES,
    retryBaseMs: env.RETRY_BASE_MS,
    maxRepairs: env.MAX_REPAIRS,
    sweepCron: env.SWEEP_CRON,
    sweepTz: timeZoneOf(env),
    pollMs: env.POLL_SECONDS * 1_000,
    leaseMs: env.LEASE_SECONDS * 1_000,
    leadConcurrency: env.LEAD_CONCURRENCY,
    chatDriver: chatDriverOf(env),
    chatConcurrency: env.CHAT_CONCURRENCY,
    chatTimeoutMs: env.CHAT_TIMEOUT_SECONDS * 1_000,
    pacing: pacingOf(env),
    openai: openaiOf(env),
    chatPage: chatPageOf(env, home, cwd),
    slackWebhookUrl: env.SLACK_WEBHOOK_URL ?? null,
    email: emailOf(env),
    notify: {
      withNames: env.NOTIFY_PII === 'name',
      digestMs: env.NOTIFY_DIGEST_MINUTES * 60_000,
    },
    dashboard: dashboardOf(env),
    logLevel: env.LOG_LEVEL,
    supervisor: supervisorOf(env),
    crashOrder: env.PLANLINE_CRASH_AT ?? null,
    secrets: [
      env.SUPABASE_SECRET_KEY,
      env.SUPABASE_SERVICE_ROLE_KEY,
      env.OPENAI_API_KEY,
      env.SLACK_WEBHOOK_URL,
      env.SMTP_URL,
      env.DASHBOARD_TOKEN,
    ].filter((value) => value !== undefined),
  };
}

/** Pure part: variables in, settings out. Throws PlanlineError('config') naming every bad variable. */
export function parseConfig(variables: Variables, cwd: string): Config {
  const env = unsetWhenEmpty(variables);
  const parsed = environment.safeParse(env);
  const together = togetherFaults(env);
  if (parsed.success && together.length === 0) return toConfig(parsed.data, cwd);
  const single = parsed.error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ?? [];
  const lines = [...single, ...together].map(([name, fault]) => `  ${name} ${fault}`);
  throw new PlanlineError(
    'config',
    `These settings (.env or the environment) cannot be used:\n${lines.join('\n')}\nEach is described in .env.example.`,
  );
}

function readDotEnv(cwd: string): Record<string, string | undefined> {
  const path = resolve(cwd, '.env');
  if (!existsSync(path)) return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new PlanlineError('config', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

/** Settings that this shell has and `.env` has not: whoever is started elsewhere goes without them. */
export function onlyInShell(): string[] {
  const file = unsetWhenEmpty(readDotEnv(process.cwd()));
  const shell = unsetWhenEmpty(process.env);
  const ofSystem = new Set(['NOTIFY_SOCKET', 'WATCHDOG_USEC']);
  return Object.keys(environment.shape).filter(
    (name) => name in shell && file[name] === undefined && !ofSystem.has(name),
  );
}

/** Settings from `.env` in the current folder, the environment, and what is given, which wins. */
export function loadConfig(given: Variables = {}): Config {
  const cwd = process.cwd();
  return parseConfig({ ...readDotEnv(cwd), ...process.env, ...given }, cwd);
}
