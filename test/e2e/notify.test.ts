import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { MAX_DESCRIPTION_CHARS } from '../../src/steps/input-transform.ts';
import { startChatServer } from '../support/chat-server.ts';
import { startHome, type Home } from '../support/home.ts';
import { run, start, type Environment, type Place } from '../support/planline.ts';
import { startMailServer, type MailServer } from '../support/smtp.ts';
import { closedPort, startWebhook, type Webhook } from '../support/webhook.ts';

const PERSONAL = [
  'Drahomíra',
  'Ovčiarková',
  'ovciarkova',
  '903 112 445',
  'sanitárka',
  'nemocnici',
  'testerkou',
  'Bystrici',
];
const DESCRIPTION = `Volám sa Drahomíra Ovčiarková, mám 29 rokov a pracujem ako sanitárka v nemocnici
v Bystrici. Chcela by som sa stať juniorskou testerkou softvéru. Píšte mi na
drahomira.ovciarkova@example.com alebo volajte +421 903 112 445. Učiť sa môžem šesť hodín týždenne.`;
const TOO_LONG = DESCRIPTION.repeat(Math.ceil(MAX_DESCRIPTION_CHARS / DESCRIPTION.length));
const BLOCKS = 2;
const EMAIL = {
  EMAIL_FROM: 'planline@mail.example.org',
  EMAIL_TO: 'adviser@example.org, office@example.org',
};

const slackBody = z.looseObject({ text: z.string() });

interface Channels {
  readonly webhook: Webhook;
  readonly mails: MailServer;
  readonly env: Environment;
}

async function startChannels(): Promise<Channels> {
  const [webhook, mails] = [await startWebhook(), await startMailServer()];
  const env = { SLACK_WEBHOOK_URL: webhook.url, SMTP_URL: mails.url, ...EMAIL };
  return { webhook, mails, env };
}

const startPlace = (env: Environment): Promise<Home> =>
  startHome({ BLOCK_COUNT: String(BLOCKS), ...env });

/** What Slack shows of each message, oldest first. */
function slackTexts({ webhook }: Pick<Channels, 'webhook'>): string[] {
  return webhook.requests.map(({ body }) => slackBody.parse(body).text);
}

function mailTexts({ mails }: Pick<Channels, 'mails'>): string[] {
  return mails.mails.map(({ mail }) => `${mail.subject ?? ''}\n${mail.text ?? ''}`);
}

function about(leadId: string, texts: readonly string[]): string[] {
  return texts.filter((text) => text.includes(leadId));
}

const logOf = ({ cwd }: Place): Promise<string> =>
  readFile(join(cwd, '.planline', 'logs', 'planline.log'), 'utf8');

/** Everything that left the machine, however it is wrapped, and what was printed and logged. */
async function everythingSaid({ webhook, mails }: Channels, place: Place): Promise<string> {
  const sent = [
    webhook.requests.map(({ body }) => body),
    mails.mails.map(({ mail }) => [mail.subject, mail.text, mail.html, [...mail.headers]]),
  ];
  return `${JSON.stringify(sent)}\n${await logOf(place)}`;
}

/** Rows of the outbox as `channel state attempts`. */
async function outboxOf({ sql }: Home, kind: string): Promise<string[]> {
  const rows = await sql(
    `select channel || ' ' || state || ' ' || attempts as row from public.pipeline_notifications
      where payload ->> 'kind' = $1 order by channel`,
    [kind],
  );
  return rows.map((row) => String(row['row']));
}

describe('planline sweep with Slack and e-mail', () => {
  it('tells once on each channel who is finished or blocked, and nothing personal', async () => {
    const channels = await startChannels();
    const home = await startPlace(channels.env);
    const { place } = home;
    const [finished, blocked] = [await home.addLead(DESCRIPTION), await home.addLead(TOO_LONG)];

    const sweep = await run(place, 'sweep');
    expect(sweep).toMatchObject({ code: 1, stderr: '' });
    expect(sweep.stdout).toMatch(/1 archived, 1 blocked, 0 waiting/);

    for (const texts of [slackTexts(channels), mailTexts(channels)]) {
      expect(texts).toHaveLength(2);
      const [done] = about(finished, texts);
      expect(done).toMatch(/is finished: 2 pages in (\d+ s|less than 1 s)\n/);
      const [stuck] = about(blocked, texts);
      expect(stuck).toMatch(/is blocked at input_transform\n/);
      expect(stuck).toMatch(/It failed: the description has \d+ characters, at most 100000/);
      expect(stuck).toContain(`planline flag ${blocked}`);
    }
    const [mail] = about(finished, mailTexts(channels));
    expect(mail).toMatch(/^Pages: 2$/m);
    expect(mail).toMatch(/^Duration: (\d+ s|less than 1 s)$/m);
    expect(mail).toContain(`Files: ${join(place.cwd, 'runs', finished)}`);
    expect(channels.mails.mails.map(({ to }) => to)).toEqual([
      ['adviser@example.org', 'office@example.org'],
      ['adviser@example.org', 'office@example.org'],
    ]);
    const said = `${await everythingSaid(channels, place)}\n${sweep.stdout}`;
    for (const word of PERSONAL) expect(said).not.toContain(word);
    // The words are those of the lead: its pages do hold its own topic.
    expect(TOO_LONG).toContain(PERSONAL[0]);

    const again = await run(place, 'sweep');
    expect(again.stdout).toMatch(/0 archived, 0 blocked, 0 waiting/);
    expect(slackTexts(channels)).toHaveLength(2);
    expect(mailTexts(channels)).toHaveLength(2);

    // That they were told is part of the streams, in the database and on disk.
    for (const [lead, kind] of [
      [finished, 'lead_finished'],
      [blocked, 'lead_blocked'],
    ] as const) {
      expect(await outboxOf(home, kind)).toEqual(['email delivered 1', 'slack delivered 1']);
      const lines = await readFile(join(place.cwd, 'runs', lead, 'events.jsonl'), 'utf8');
      expect(lines.match(/"type":"notification\.requested"/g)).toHaveLength(1);
      expect(lines.match(/"type":"notification\.delivered"/g)).toHaveLength(2);
    }
    expect(await run(place, 'verify')).toMatchObject({ code: 0, stderr: '' });
  });

  it('finishes the lead and sends the e-mail although the webhook is dead, and tells it later', async () => {
    const channels = await startChannels();
    const dead = `http://127.0.0.1:${await closedPort()}/services/T000/B000/s3cr3t-path`;
    const home = await startPlace({ ...channels.env, SLACK_WEBHOOK_URL: dead });
    const lead = await home.addLead(DESCRIPTION);

    const sweep = await run(home.place, 'sweep');
    expect(sweep.code).toBe(0);
    expect(sweep.stdout).toMatch(/1 archived, 0 blocked, 0 waiting/);
    expect(await home.statusOf(lead)).toBe('archived');
    expect(about(lead, mailTexts(channels))).toHaveLength(1);
    expect(await outboxOf(home, 'lead_finished')).toEqual(['email delivered 1', 'slack pending 1']);
    const [row] = await home.sql(
      `select last_error, next_attempt_at > now() as later from public.pipeline_notifications
        where channel = 'slack'`,
    );
    expect(row).toMatchObject({ later: true });
    expect(String(row?.['last_error'])).toMatch(/Slack cannot be reached/);
    const said = `${sweep.stdout}${sweep.stderr}${await logOf(home.place)}${String(row?.['last_error'])}`;
    expect(said).not.toContain('s3cr3t');
    expect(said).toContain('could not be delivered; it is tried again');

    await home.sql('update public.pipeline_notifications set next_attempt_at = now()');
    const revived = { ...home.place, env: { ...home.place.env, ...channels.env } };
    expect((await run(revived, 'sweep')).code).toBe(0);
    expect(about(lead, slackTexts(channels))).toHaveLength(1);
    expect(slackTexts(channels)[0]).not.toContain('repeat');
    expect(mailTexts(channels)).toHaveLength(1);
    expect(await run(revived, 'verify')).toMatchObject({ code: 0 });
  });

  it('says that it may repeat itself after a crash in the middle of telling, and only there', async () => {
    const channels = await startChannels();
    channels.webhook.answer('hang');
    const home = await startPlace(channels.env);
    const lead = await home.addLead(DESCRIPTION);

    const daemon = start(home.place, 'daemon');
    await daemon.until(/archived: 2 pages/);
    // The webhook hangs, and holds up neither the lead nor the e-mail.
    await expect
      .poll(() => outboxOf(home, 'lead_finished'), { timeout: 60_000 })
      .toEqual(['email delivered 1', 'slack trying 1']);
    await daemon.kill('SIGKILL');

    channels.webhook.answer({ status: 200, body: 'ok' });
    await home.sql(
      `update public.pipeline_notifications set next_attempt_at = now() where state = 'trying'`,
    );
    expect((await run(home.place, 'sweep')).code).toBe(0);
    expect(await outboxOf(home, 'lead_finished')).toEqual([
      'email delivered 1',
      'slack delivered 2',
    ]);
    const texts = about(lead, slackTexts(channels));
    expect(texts).toHaveLength(2);
    expect(texts.map((text) => text.includes('This may be a repeat'))).toEqual([false, true]);
    expect(mailTexts(channels)).toHaveLength(1);
  });

  it('tells once that the chat account needs a person, and goes on when it was seen to', async () => {
    const server = await startChatServer({ apiKey: 'right-key-0123456789' });
    onTestFinished(() => server.stop());
    const channels = await startChannels();
    const home = await startPlace({
      ...channels.env,
      MAX_RETRIES: '0',
      LEAD_CONCURRENCY: '2',
      CHAT_DRIVER: 'openai',
      OPENAI_BASE_URL: server.url,
      OPENAI_API_KEY: 'wrong-key-0123456789',
    });
    const leads = [await home.addLead(DESCRIPTION), await home.addLead(DESCRIPTION)];

    for (const round of [1, 2]) {
      const sweep = await run(home.place, 'sweep');
      expect(sweep.code, `sweep ${round}`).toBe(1);
      expect(sweep.stdout).toMatch(/The chat account needs you: /);
      expect(slackTexts(channels)).toHaveLength(1);
      expect(mailTexts(channels)).toHaveLength(1);
      for (const lead of leads) expect(await home.statusOf(lead)).toBe('processing');
    }
    for (const [text] of [slackTexts(channels), mailTexts(channels)]) {
      expect(text).toMatch(/The chat account needs you/);
      expect(text).toMatch(/OPENAI_API_KEY/);
      expect(text).toMatch(/planline doctor/);
      expect(text).not.toMatch(/wrong-key/);
    }

    // The key was put right; flagging saves the minute that leads wait for a person.
    const { place } = home;
    const mended = { ...place, env: { ...place.env, OPENAI_API_KEY: 'right-key-0123456789' } };
    expect((await run(mended, 'flag', ...leads)).code).toBe(0);
    const sweep = await run(mended, 'sweep');
    expect(sweep.stdout).toMatch(/2 archived, 0 blocked, 0 waiting/);
    expect(sweep.code).toBe(0);
    expect(slackTexts(channels)).toHaveLength(3);
    expect(mailTexts(channels)).toHaveLength(3);
    expect(await run(mended, 'verify')).toMatchObject({ code: 0 });
  });
});

/**
 * Two time zones with different days, in neither of which a day ends within the next hour: the
 * first is twelve hours ahead of the second.
 */
function zonesOfTwoDays(utcHour: number): [today: string, yesterday: string] {
  const offsets = Array.from({ length: 15 }, (_, offset) => offset);
  const offset = offsets.find((hours) => (utcHour + hours) % 24 <= 10) ?? 0;
  // The signs of these names are the wrong way round: Etc/GMT-3 is three hours ahead.
  const zone = (ahead: number): string => `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  return [zone(offset), zone(offset - 12)];
}

describe('planline daemon with a sweep every second', () => {
  it('puts one summary a day, however often it sweeps and starts', async () => {
    const [today, yesterday] = zonesOfTwoDays(new Date().getUTCHours());
    const channels = await startChannels();
    const home = await startPlace({ ...channels.env, SWEEP_CRON: '* * * * * *' });
    const [finished, blocked] = [await home.addLead(DESCRIPTION), await home.addLead(TOO_LONG)];
    const withoutChannels = { ...home.place, env: { BLOCK_COUNT: String(BLOCKS) } };
    expect((await run(withoutChannels, 'sweep')).code).toBe(1);
    expect(channels.webhook.requests).toEqual([]);

    let sweeps = 0;
    async function daemonIn(zone: string): Promise<void> {
      const daemon = start({ ...home.place, env: { ...home.place.env, SWEEP_TZ: zone } }, 'daemon');
      const wanted = sweeps + 3;
      await daemon.until(/Waiting for leads/);
      await expect
        .poll(
          async () => {
            sweeps = (await logOf(home.place)).match(/"msg":"Daily sweep"/g)?.length ?? 0;
            return sweeps;
          },
          { timeout: 60_000 },
        )
        .toBeGreaterThanOrEqual(wanted);
      await expect
        .poll(async () => new Set(await outboxOf(home, 'daily_summary')), { timeout: 60_000 })
        .toEqual(new Set(['email delivered 1', 'slack delivered 1']));
      expect((await daemon.kill('SIGTERM')).code).toBe(0);
    }

    await daemonIn(today);
    await daemonIn(today);
    expect(await outboxOf(home, 'daily_summary')).toHaveLength(2);
    for (const texts of [slackTexts(channels), mailTexts(channels)]) {
      expect(texts).toHaveLength(1);
      expect(texts[0]).toMatch(/\d{4}-\d\d-\d\d: 1 finished, 1 blocked/);
      expect(texts[0]).toContain(`Blocked: ${blocked}: input_transform: the description has`);
      expect(texts[0]).not.toContain(finished);
    }

    await daemonIn(yesterday);
    expect(await outboxOf(home, 'daily_summary')).toHaveLength(4);
    const days = slackTexts(channels).map((text) => text.slice(0, 10));
    expect(new Set(days).size).toBe(2);
    expect(mailTexts(channels)).toHaveLength(2);
    const said = await everythingSaid(channels, home.place);
    for (const word of PERSONAL) expect(said).not.toContain(word);
  });
});
