import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';

const cwd = resolve('/somewhere');
const parse = (variables: Record<string, string>) => parseConfig(variables, cwd);

describe('settings', () => {
  it('need nothing: embedded Supabase, rehearsal, the documented defaults', () => {
    const config = parse({});
    expect(config).toMatchObject({
      supabase: null,
      home: resolve(cwd, '.planline'),
      runsDir: resolve(cwd, 'runs'),
      blockCount: 15,
      maxRetries: 3,
      retryBaseMs: 30_000,
      sweepCron: '0 6 * * *',
      chatDriver: 'rehearsal',
      openai: null,
      email: null,
    });
  });

  it('take an empty value for one that is not set', () => {
    expect(parse({ SUPABASE_URL: '', BLOCK_COUNT: ' ' }).blockCount).toBe(15);
  });

  it('name every bad variable in one message', () => {
    const bad = {
      BLOCK_COUNT: '0',
      SWEEP_TZ: 'Mars/Base',
      SWEEP_CRON: '99 6 * * *',
      CHAT_DRIVER: 'magic',
      SMTP_URL: 'x',
    };
    for (const name of Object.keys(bad)) {
      expect(() => parse(bad)).toThrow(new RegExp(`^ {2}${name} `, 'm'));
    }
    expect(() => parse(bad)).toThrow(/\.env\.example/);
  });

  it('refuse a URL without a key, a key without a URL, and a publishable key', () => {
    expect(() => parse({ SUPABASE_URL: 'https://x.supabase.co' })).toThrow(/SUPABASE_SECRET_KEY/);
    expect(() => parse({ SUPABASE_SECRET_KEY: 'sb_secret_x' })).toThrow(/SUPABASE_URL/);
    expect(() =>
      parse({ SUPABASE_URL: 'https://x.supabase.co', SUPABASE_SECRET_KEY: 'sb_publishable_x' }),
    ).toThrow(/publishable key/);
  });

  it('set the pace of prompts, in the time zone of the sweep', () => {
    expect(parse({ CHAT_GAP_SECONDS: '0', CHAT_MAX_PER_HOUR: '0' }).pacing).toBeNull();
    const paced = {
      CHAT_GAP_SECONDS: '20',
      CHAT_MAX_PER_HOUR: '40',
      CHAT_QUIET_HOURS: '22:00-07:00',
      SWEEP_TZ: 'Europe/Bratislava',
    };
    expect(parse(paced).pacing).toEqual({
      gapMs: 20_000,
      perHour: 40,
      quiet: { fromMinute: 1_320, toMinute: 420 },
      timeZone: 'Europe/Bratislava',
    });
    expect(() => parse({ CHAT_QUIET_HOURS: 'at night' })).toThrow(/CHAT_QUIET_HOURS must be/);
  });

  it('accept the legacy name of the key', () => {
    const config = parse({
      SUPABASE_URL: 'https://x.supabase.co',
      SUPABASE_SERVICE_ROLE_KEY: 'legacy',
    });
    expect(config.supabase).toEqual({ url: 'https://x.supabase.co', secretKey: 'legacy' });
  });

  it('guess no driver where the leads are real', () => {
    const hosted = { SUPABASE_URL: 'https://x.supabase.co', SUPABASE_SECRET_KEY: 'sb_secret_x' };
    expect(parse(hosted).chatDriver).toBeNull();
    expect(parse({ ...hosted, CHAT_DRIVER: 'rehearsal' }).chatDriver).toBe('rehearsal');
    expect(parse({ OPENAI_API_KEY: 'k' }).chatDriver).toBe('rehearsal');
    expect(() => parse({ CHAT_DRIVER: 'openai' })).toThrow(/OPENAI_API_KEY/);
  });

  it('want an e-mail complete', () => {
    expect(() => parse({ SMTP_URL: 'smtp://localhost' })).toThrow(/EMAIL_FROM and EMAIL_TO/);
    const config = parse({
      SMTP_URL: 'smtp://localhost',
      EMAIL_FROM: 'planline@example.org',
      EMAIL_TO: 'a@example.org, b@example.org',
    });
    expect(config.email?.to).toEqual(['a@example.org', 'b@example.org']);
  });

  it('open the dashboard to others with a token only', () => {
    expect(parse({}).dashboard).toMatchObject({ host: '127.0.0.1', port: 4400, token: null });
    for (const off of ['off', '0']) expect(parse({ DASHBOARD_PORT: off }).dashboard).toBeNull();
    for (const odd of ['80x', '-1', '65536', '4400.5']) {
      expect(() => parse({ DASHBOARD_PORT: odd })).toThrow(/DASHBOARD_PORT must be a port/);
    }
    for (const host of ['0.0.0.0', '::', '192.168.1.7', 'box.example']) {
      expect(() => parse({ DASHBOARD_HOST: host })).toThrow(/DASHBOARD_TOKEN is needed with/);
    }
    expect(() => parse({ DASHBOARD_URL: 'https://dash.example' })).toThrow(
      /DASHBOARD_TOKEN is needed with DASHBOARD_URL: others can connect to dash\.example/,
    );
    for (const near of ['http://localhost:4400', 'http://[::1]:4400']) {
      expect(parse({ DASHBOARD_URL: near }).dashboard).toMatchObject({ url: near, token: null });
    }
    for (const off of [{ DASHBOARD_URL: 'https://dash.example' }, { DASHBOARD_HOST: '::' }]) {
      expect(parse({ ...off, DASHBOARD_PORT: 'off' }).dashboard).toBeNull();
    }
    // Every link of the dashboard begins at the root.
    for (const below of [
      'https://x.example/planline',
      'http://localhost:4400/?a',
      'http://[::1]/#b',
    ]) {
      expect(() => parse({ DASHBOARD_URL: below })).toThrow(/DASHBOARD_URL must have no path/);
    }
    expect(() => parse({ DASHBOARD_TOKEN: 'short' })).toThrow(/at least 16 characters/);
    const config = parse({ DASHBOARD_HOST: '::', DASHBOARD_TOKEN: 'a-token-of-16-chars' });
    expect(config.dashboard).toMatchObject({ host: '::', token: 'a-token-of-16-chars' });
    expect(config.secrets).toEqual(['a-token-of-16-chars']);
  });

  it('say what a message may hold, and when it may wait', () => {
    expect(parse({}).notify).toEqual({ withNames: false, digestMs: 600_000 });
    const open = parse({ NOTIFY_PII: 'name', NOTIFY_DIGEST_MINUTES: '0' });
    expect(open.notify).toEqual({ withNames: true, digestMs: 0 });
    expect(() => parse({ NOTIFY_PII: 'all' })).toThrow(/NOTIFY_PII must be none or name/);
  });

  it('list every secret for the scrubber', () => {
    const config = parse({
      SUPABASE_URL: 'https://x.supabase.co',
      SUPABASE_SECRET_KEY: 'sb_secret_x',
      OPENAI_API_KEY: 'sk-y',
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/z',
    });
    expect(config.secrets).toEqual(['sb_secret_x', 'sk-y', 'https://hooks.slack.com/services/z']);
  });
});
