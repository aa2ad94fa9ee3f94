import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REPEAT_LINE } from '../../src/core/notification-text.ts';
import { startChatServer } from '../support/chat-server.ts';
import { startHome, type Home } from '../support/home.ts';
import {
  DESCRIPTION,
  everythingSaid,
  logOf,
  mailTexts,
  outboxOf,
  PERSONAL,
  slackTexts,
  startChannels,
  TOO_LONG,
} from '../support/notify-channels.ts';
import { run, start, type Environment } from '../support/planline.ts';
import { closedPort } from '../support/webhook.ts';

const BLOCKS = 2;

const startPlace = (env: Environment): Promise<Home> =>
  startHome({ BLOCK_COUNT: String(BLOCKS), ...env });

function about(leadId: string, texts: readonly string[]): string[] {
  return texts.filter((text) => text.includes(leadId));
}

describe('a daemon that is killed while it tells of a flood of ended leads', () => {
  it('tells of each of them, and says which message may be a repeat', async () => {
    const { webhook, env } = await startChannels();
    const home = await startPlace({ SLACK_WEBHOOK_URL: env['SLACK_WEBHOOK_URL'] ?? '' });
    const comesDue = () =>
      home.sql('update public.pipeline_notifications set next_attempt_at = now()');
    const leads = await Promise.all(Array.from({ length: 6 }, () => home.addLead(TOO_LONG)));
    // Slack is away while they end.
    webhook.answer({ status: 500 });
    expect((await run(home.place, 'sweep')).stdout).toMatch(/6 blocked/);
    await comesDue();
    const refused = webhook.requests.length;

    webhook.answer('hang');
    const arrived = webhook.nextRequest();
    const daemon = start(home.place, 'daemon');
    await arrived;
    await daemon.kill('SIGKILL');
    webhook.answer({ status: 200, body: 'ok' });
    // One more ends before the next daemon looks: a repeat takes none along.
    leads.push(await home.addLead(TOO_LONG));
    await comesDue();
    const next = start(home.place, 'daemon');
    await expect
      .poll(async () => (await outboxOf(home, 'lead_blocked')).toSorted(), { timeout: 60_000 })
      .toEqual(leads.map((_, n) => `slack delivered ${n === 0 ? 1 : 3}`));
    expect(await next.kill('SIGTERM')).toMatchObject({ code: 0 });

    const texts = slackTexts({ webhook }).slice(refused);
    expect(texts).toHaveLength(3);
    const [digest, ...rest] = texts;
    expect(digest).toMatch(/^6 leads came to rest: 0 finished, 6 blocked\n/);
    const repeat = rest.find((text) => text.includes('came to rest'));
    const single = rest.find((text) => !text.includes('came to rest'));
    expect(repeat).toBe(`${digest ?? ''}\n${REPEAT_LINE}`);
    expect(single).toContain(`Lead ${leads.at(-1) ?? ''} is blocked`);
    expect(leads.filter((lead) => !texts.some((text) => text.includes(lead)))).toEqual([]);
    expect(await run(home.place, 'verify')).toMatchObject({ code: 0, stderr: '' });
  });
});

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
    expect(PERSONAL.filter((word) => DESCRIPTION.includes(word))).toEqual(PERSONAL);
    expect(PERSONAL.filter((word) => said.includes(word))).toEqual([]);

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

  it('adds names, and nothing else of a person, and tells each lead at once, where it is set so', async () => {
    const channels = await startChannels();
    const asked = { NOTIFY_PII: 'name', NOTIFY_DIGEST_MINUTES: '0' };
    const home = await startPlace({ ...channels.env, ...asked });
    const finished = await home.addLead(DESCRIPTION);
    // More than would be told one by one.
    const blocked = await Promise.all([1, 2, 3, 4].map(() => home.addLead(TOO_LONG)));
    expect((await run(home.place, 'sweep')).stdout).toMatch(/1 archived, 4 blocked/);

    const name = 'Drahomíra Ovčiarková';
    for (const texts of [slackTexts(channels), mailTexts(channels)]) {
      expect(texts).toHaveLength(1 + blocked.length);
      expect(about(finished, texts)[0]).toContain(`Lead ${finished} (${name}) is finished`);
      // No profile was made of theirs.
      for (const lead of blocked)
        expect(about(lead, texts)[0]).toContain(`Lead ${lead} is blocked`);
    }
    const said = await everythingSaid(channels, home.place);
    expect(PERSONAL.filter((word) => said.includes(word))).toEqual(name.split(' '));
    // Names are for the operator's eyes: neither logs nor the outbox hold any.
    expect(await logOf(home.place)).not.toContain('Drahomíra');
    const rows = await home.sql('select payload::text as text from public.pipeline_notifications');
    expect(rows).toHaveLength(2 * (1 + blocked.length));
    expect(JSON.stringify(rows)).not.toContain('Drahomíra');
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
