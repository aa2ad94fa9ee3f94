import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSlackNotifier } from '../../src/adapters/notify/slack/slack.ts';
import { NotifyError } from '../../src/core/errors-notify.ts';
import type { Notification } from '../../src/core/notification.ts';
import { BLOCKED, delivery, FINISHED } from '../support/deliveries.ts';
import { closedPort, startWebhook, type WebhookAnswer } from '../support/webhook.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const NEVER = new AbortController().signal;
const DASHBOARD_URL = 'http://127.0.0.1:4400/';

function openNotifier(webhookUrl: string, timeoutMs = 30_000) {
  const clock = virtualClock('2026-11-23T10:00:00.000Z');
  return createSlackNotifier({ webhookUrl, timeoutMs, clock, dashboardUrl: DASHBOARD_URL });
}

const textObject = z.strictObject({
  type: z.enum(['plain_text', 'mrkdwn']),
  text: z.string().min(1).max(3_000),
  emoji: z.boolean().optional(),
  verbatim: z.literal(true).optional(),
});

/** What Slack takes: it refuses the whole message when one limit is exceeded. */
const slackPayload = z.strictObject({
  text: z.string().min(1).max(4_000),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('header'),
          text: textObject.extend({ type: z.literal('plain_text'), text: z.string().max(150) }),
        }),
        z.strictObject({ type: z.literal('section'), text: textObject }),
        z.strictObject({
          type: z.literal('context'),
          elements: z.array(textObject).min(1).max(10),
        }),
      ]),
    )
    .max(50),
});

async function sent(notification: Notification, maybeRepeated = false) {
  const webhook = await startWebhook();
  const notifier = openNotifier(webhook.url, 20_000);
  await notifier.deliver(delivery(notification, { maybeRepeated }), NEVER);
  expect(webhook.requests).toHaveLength(1);
  return slackPayload.parse(webhook.requests[0]?.body);
}

async function failure(answer: WebhookAnswer, timeoutMs = 20_000) {
  const webhook = await startWebhook();
  webhook.answer(answer);
  const notifier = openNotifier(webhook.url, timeoutMs);
  const error = await notifier
    .deliver(delivery(FINISHED), NEVER)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NotifyError);
  expect(inspect(error, { depth: null })).not.toContain('s3cr3t');
  return { error, webhook };
}

describe('a Slack message', () => {
  it('says what happened as text and as blocks', async () => {
    const { text, blocks } = await sent(FINISHED);
    expect(text).toMatch(/^Lead 42 is finished: 15 pages in 2 min 5 s\n/);
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context']);
    expect(blocks[0]).toMatchObject({
      text: { type: 'plain_text', text: 'Lead 42 is finished: 15 pages in 2 min 5 s' },
    });
    expect(blocks[2]).toMatchObject({
      text: { text: '<http://127.0.0.1:4400/leads/42|Open the lead>' },
    });
    expect(JSON.stringify(blocks[3])).toContain('Run: 20261123_174501');
    expect(text).not.toContain('repeat');
  });

  it('is posted as JSON to the webhook', async () => {
    const webhook = await startWebhook();
    const notifier = openNotifier(webhook.url);
    await notifier.deliver(delivery(FINISHED), NEVER);
    await notifier.close();
    expect(webhook.requests).toMatchObject([
      {
        method: 'POST',
        path: '/services/T000/B000/s3cr3t-path',
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  it('calls nobody by its markup', async () => {
    const { text, blocks } = await sent(BLOCKED);
    expect(text).toContain('block 7: &lt;!channel&gt; "quoted" &amp; ľščťž 🎓');
    expect(JSON.stringify(blocks)).not.toContain('<!channel>');
  });

  it('says that it may be a repeat', async () => {
    const { text, blocks } = await sent(BLOCKED, true);
    expect(text).toContain('This may be a repeat: ');
    expect(JSON.stringify(blocks.at(-1))).toContain('This may be a repeat: ');
  });

  it("stays within Slack's limits, whatever its length", async () => {
    const blockedLeads = Array.from({ length: 40 }, (_, n) => ({
      id: `${n}${'🎓'.repeat(60)}`,
      lastError: '&<>🎓'.repeat(400),
    }));
    const { blocks } = await sent({
      kind: 'daily_summary',
      day: '2026-11-23',
      summary: { archived: 1, blocked: 99, running: 0, flagged: 0, blockedLeads },
    });
    const sections = blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []));
    expect(sections.length).toBeGreaterThan(1);
    for (const section of sections) expect(section).not.toMatch(/&(?!amp;|lt;|gt;)/);
    expect(sections.join('\n')).toContain('… and 79 more');
    expect(sections.join('\n').length).toBeLessThan(13_000);
    await sent({ ...BLOCKED, leadId: '&'.repeat(5_000), reason: '<'.repeat(50_000) });
    await sent({ ...FINISHED, directory: `/${'&'.repeat(5_000)}` });
  });
});

describe('a digest on Slack', () => {
  const endings = Array.from({ length: 200 }, (_, n) => ({
    ...BLOCKED,
    leadId: `${n}<|>${'&'.repeat(80)}`,
    reason: '<&>*_`~'.repeat(200),
  }));

  it('links each lead, escaped, and says what does not fit', async () => {
    const { blocks } = await sent({ kind: 'digest', endings });
    const whole = JSON.stringify(blocks);
    expect(whole).toContain('<http://127.0.0.1:4400/leads/0%3C%7C%3E%26');
    expect(whole).toContain('|0&lt;|&gt;&amp;');
    expect(whole).toContain('The rest does not fit here: planline status');
    expect(whole).toContain('What to do: mend the causes');
    expect(whole.length).toBeLessThan(13_000);
  });

  it('shows a name that it was given, escaped', async () => {
    const webhook = await startWebhook();
    const names = new Map([['42', 'Jana <!here> & Co.']]);
    await openNotifier(webhook.url).deliver(delivery(FINISHED, { names }), NEVER);
    const { text } = slackPayload.parse(webhook.requests[0]?.body);
    expect(text).toContain('Lead 42 (Jana &lt;!here&gt; &amp; Co.) is finished');
  });

  it('has no links when there is no dashboard', async () => {
    const webhook = await startWebhook();
    const clock = virtualClock('2026-11-23T10:00:00.000Z');
    const options = { webhookUrl: webhook.url, clock, dashboardUrl: null };
    await createSlackNotifier(options).deliver(
      delivery({ kind: 'digest', endings: [FINISHED, BLOCKED] }),
      NEVER,
    );
    const body = slackPayload.parse(webhook.requests[0]?.body);
    expect(JSON.stringify(body)).not.toMatch(/http|\/leads/);
    expect(JSON.stringify(body)).toContain('• 42 is blocked at stage2: block 7');
  });
});

describe('the pace of Slack', () => {
  it('is one message a second, by the clock', async () => {
    const webhook = await startWebhook();
    const clock = virtualClock('2026-11-23T10:00:00.000Z');
    const notifier = createSlackNotifier({ webhookUrl: webhook.url, clock, dashboardUrl: null });
    const startMs = clock.now();
    for (let n = 0; n < 4; n += 1) {
      await clock.through(notifier.deliver(delivery(FINISHED), NEVER));
    }
    expect(webhook.requests).toHaveLength(4);
    expect(clock.now() - startMs).toBe(3_000);
  });

  it('is not slowed by a clock that was set back', async () => {
    const webhook = await startWebhook();
    const clock = virtualClock('2026-11-23T10:00:00.000Z');
    const notifier = createSlackNotifier({ webhookUrl: webhook.url, clock, dashboardUrl: null });
    await notifier.deliver(delivery(FINISHED), NEVER);
    clock.setBack(3_600_000);
    const setBackMs = clock.now();
    await clock.through(notifier.deliver(delivery(FINISHED), NEVER));
    expect(clock.now() - setBackMs).toBe(1_000);
  });
});

describe('an answer of Slack', () => {
  it('with 429 is retryable after what it asks for', async () => {
    const { error } = await failure({
      status: 429,
      body: 'rate_limited',
      headers: { 'Retry-After': '17' },
    });
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 17_000 });
  });

  it.each([undefined, 'Wed, 21 Oct 2026 07:28:00 GMT', '-1', 'soon'])(
    'with 429 and a Retry-After of %s leaves the waiting to us',
    async (retryAfter) => {
      const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
      const { error } = await failure({ status: 429, headers });
      expect(error).toMatchObject({ retryable: true, retryAfterMs: null });
    },
  );

  it.each([500, 502, 503])('with %i is retryable, and asked once', async (status) => {
    const { error, webhook } = await failure({ status, body: 'rollup_error' });
    expect(error).toMatchObject({ retryable: true, retryAfterMs: null });
    expect(String(error)).toContain(`(${status} rollup_error)`);
    expect(webhook.requests).toHaveLength(1);
  });

  it.each([
    [404, 'no_service'],
    [403, 'invalid_token'],
    [410, 'channel_is_archived'],
    [302, ''],
  ])('with %i says to make a new webhook', async (status, body) => {
    const { error } = await failure({ status, body, headers: { Location: 'https://x.example/' } });
    expect(error).toMatchObject({ retryable: false });
    expect(String(error)).toContain(`(${`${status} ${body}`.trim()})`);
    expect(String(error)).toContain('set SLACK_WEBHOOK_URL');
  });

  it('with 400 blames the message, not the webhook', async () => {
    const { error } = await failure({ status: 400, body: 'invalid_blocks' });
    expect(error).toMatchObject({ retryable: false });
    expect(String(error)).not.toContain('SLACK_WEBHOOK_URL');
  });

  it('that quotes our own URL does not give it away', async () => {
    const body = 'no such hook: /services/T000/B000/s3cr3t-path '.repeat(100);
    const webhook = await startWebhook();
    webhook.answer({ status: 404, body: `${webhook.url} ${body}` });
    const error = await openNotifier(webhook.url)
      .deliver(delivery(FINISHED), NEVER)
      .catch((caught: unknown) => caught);
    expect(inspect(error, { depth: null })).not.toContain('s3cr3t');
  });

  it('that never comes is a time-out, retryable', async () => {
    const { error } = await failure('hang', 50);
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).toContain('it did not answer in time');
  });

  it('that breaks off is retryable', async () => {
    const { error } = await failure('drop');
    expect(error).toMatchObject({ retryable: true });
  });
});

describe('a Slack notifier', () => {
  it('reports a server that is not there', async () => {
    const webhookUrl = `http://127.0.0.1:${await closedPort()}/s3cr3t`;
    const notifier = openNotifier(webhookUrl);
    const error = await notifier
      .deliver(delivery(FINISHED), NEVER)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ retryable: true, cause: { code: 'ECONNREFUSED' } });
    expect(inspect(error, { depth: null })).not.toContain('s3cr3t');
  });

  it('stops waiting when it is told to', async () => {
    const webhook = await startWebhook();
    webhook.answer('hang');
    const stop = new AbortController();
    const delivering = openNotifier(webhook.url, 600_000).deliver(delivery(FINISHED), stop.signal);
    await webhook.nextRequest();
    stop.abort();
    await expect(delivering).rejects.toBeInstanceOf(NotifyError);
  });

  it('looks at the URL without sending anything', async () => {
    const webhook = await startWebhook();
    const findings = await openNotifier(webhook.url).check(NEVER);
    expect(findings).toMatchObject([{ level: 'ok', action: null }]);
    expect(webhook.requests).toEqual([]);
  });

  it.each([
    's3cr3t',
    '',
    'ftp://hooks.slack.com/services/s3cr3t',
    'http://hooks.slack.com/services/s3cr3t',
    'https://hooks.slack.com/s3cr3t',
  ])('says that %j is no webhook, without repeating it', async (webhookUrl) => {
    const notifier = openNotifier(webhookUrl);
    const findings = await notifier.check(NEVER);
    expect(findings).toMatchObject([{ level: 'error' }]);
    const error = await notifier
      .deliver(delivery(FINISHED), NEVER)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'NotifyError', retryable: false });
    expect(String(error)).toContain('SLACK_WEBHOOK_URL');
    expect(inspect([findings, error], { depth: null })).not.toContain('s3cr3t');
  });
});
