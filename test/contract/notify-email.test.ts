import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { load } from 'cheerio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmailNotifier } from '../../src/adapters/notify/email/email.ts';
import { NotifyError } from '../../src/core/errors-notify.ts';
import type { Notifier } from '../../src/ports.ts';
import { BLOCKED, delivery, FINISHED } from '../support/deliveries.ts';
import { closedPort } from '../support/webhook.ts';
import { startMailServer } from '../support/smtp.ts';

const NEVER = new AbortController().signal;
const FROM = 'Planline <planline@mail.example.org>';
const TO = ['operator@example.org'];
const DASHBOARD_URL = 'http://127.0.0.1:4400';

function openNotifier(
  smtpUrl: string,
  options: { to?: string[]; timeoutMs?: number } = {},
): Notifier {
  const notifier = createEmailNotifier({
    smtpUrl,
    from: FROM,
    to: TO,
    dashboardUrl: DASHBOARD_URL,
    ...options,
  });
  onTestFinished(() => notifier.close());
  return notifier;
}

async function failure(notifier: Notifier): Promise<unknown> {
  const error = await notifier
    .deliver(delivery(FINISHED), NEVER)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NotifyError);
  expect(inspect(error, { depth: null })).not.toMatch(/hunter2|operator@|planline@/);
  return error;
}

/** Accepts connections and says nothing, as a server behind a broken firewall does. */
async function startSilentServer(): Promise<{ url: string; connected: Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  server.on('connection', (socket) => onTestFinished(() => void socket.destroy()));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, connected: once(server, 'connection') };
}

describe('an e-mail', () => {
  it('arrives as text and HTML that say the same', async () => {
    const server = await startMailServer();
    await openNotifier(server.url).deliver(delivery(BLOCKED), NEVER);

    expect(server.mails).toMatchObject([{ from: 'planline@mail.example.org', to: TO }]);
    const mail = server.mails[0]?.mail;
    expect(mail?.subject).toBe('planline: Lead 42 is blocked at stage2');
    expect(mail?.from?.text).toBe('"Planline" <planline@mail.example.org>');
    expect(mail?.text).toContain('It failed: block 7: <!channel> "quoted" & ľščťž 🎓');
    expect(mail?.text).toContain('planline flag 42');
    expect(mail?.text).toContain('Step: stage2');
    expect(mail?.text).not.toContain('repeat');

    const page = load(typeof mail?.html === 'string' ? mail.html : '');
    expect(page('h1').text()).toBe('Lead 42 is blocked at stage2');
    expect(page('p').first().text()).toBe('It failed: block 7: <!channel> "quoted" & ľščťž 🎓');
    expect(
      page('tr')
        .map((_, row) => page(row).text())
        .get(),
    ).toContain('Stepstage2');
    expect(page('meta[name="color-scheme"]').attr('content')).toBe('light dark');
    expect(page('script, img, link').length).toBe(0);
    expect(
      page('a')
        .map((_, a) => page(a).attr('href'))
        .get(),
    ).toEqual(['http://127.0.0.1:4400/leads/42']);
    expect(mail?.text).toContain('Open the lead: http://127.0.0.1:4400/leads/42');
  });

  it('lists the leads of a digest, escaped, each with its link', async () => {
    const server = await startMailServer();
    const endings = [FINISHED, { ...BLOCKED, leadId: '"><b>7' }];
    await openNotifier(server.url).deliver(
      delivery({ kind: 'digest', endings }, { names: new Map([['42', 'Jana <i>N</i>']]) }),
      NEVER,
    );
    const mail = server.mails[0]?.mail;
    expect(mail?.subject).toBe('planline: 2 leads came to rest: 1 finished, 1 blocked');
    const page = load(typeof mail?.html === 'string' ? mail.html : '');
    const items = page('li')
      .map((_, item) => page(item).text())
      .get();
    expect(items).toEqual([
      '"><b>7 is blocked at stage2: block 7: <!channel> "quoted" & ľščťž 🎓',
      '42 (Jana <i>N</i>) is finished: 15 pages in 2 min 5 s',
    ]);
    expect(page('li a').first().attr('href')).toBe(`${DASHBOARD_URL}/leads/%22%3E%3Cb%3E7`);
    expect(page('i').length).toBe(0);
    expect(mail?.text).toContain('- 42 (Jana <i>N</i>) is finished: 15 pages in 2 min 5 s');
  });

  it('says that a machine wrote it, and bears the same Message-ID each time', async () => {
    const server = await startMailServer();
    const notifier = openNotifier(server.url);
    await notifier.deliver(delivery(FINISHED), NEVER);
    await notifier.deliver(delivery(FINISHED, { maybeRepeated: true }), NEVER);
    await notifier.deliver(delivery(FINISHED, { id: 'an id\r\nwith: anything' }), NEVER);

    const [first, repeated, odd] = server.mails.map(({ mail }) => mail);
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(first?.messageId).toBe(
      '<planline.0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e@mail.example.org>',
    );
    expect(repeated?.messageId).toBe(first?.messageId);
    expect(repeated?.text).toContain('This may be a repeat: ');
    expect(odd?.messageId).toMatch(/^<planline\.[0-9a-f]{40}@mail\.example\.org>$/);
    expect(odd?.headers.has('with')).toBe(false);
  });

  it('goes over one connection with the ones that follow', async () => {
    const server = await startMailServer();
    const notifier = openNotifier(server.url);
    for (let n = 0; n < 3; n += 1) await notifier.deliver(delivery(FINISHED), NEVER);
    expect(server.mails).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  it('goes to several people', async () => {
    const server = await startMailServer();
    const to = ['one@example.org', 'two@example.org'];
    await openNotifier(server.url, { to }).deliver(delivery(FINISHED), NEVER);
    expect(server.mails[0]?.to).toEqual(to);
  });

  it('goes to a server that asks for a login', async () => {
    const server = await startMailServer({ login: { user: 'me@x', password: 'p:/@ ž' } });
    const notifier = openNotifier(server.url);
    await notifier.deliver(delivery(FINISHED), NEVER);
    expect(server.mails).toHaveLength(1);
    expect(await notifier.check(NEVER)).toMatchObject([{ level: 'ok', action: null }]);
  });
});

describe('a mail server', () => {
  it('that refuses the password is named by its setting, never by the password', async () => {
    const server = await startMailServer({ login: { user: 'operator', password: 'another' } });
    const notifier = openNotifier(server.url.replace('operator:another', 'operator:hunter2'));
    const error = await failure(notifier);
    expect(error).toMatchObject({ retryable: false });
    expect(String(error)).toContain('the password in SMTP_URL');
    const findings = await notifier.check(NEVER);
    expect(findings).toMatchObject([{ level: 'error' }]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it.each([
    ['mail', 550, false, 'EMAIL_FROM and EMAIL_TO'],
    ['rcpt', 550, false, 'EMAIL_FROM and EMAIL_TO'],
    ['rcpt', 450, true, 'just now'],
    ['data', 554, false, 'refused the message'],
    ['data', 451, true, 'just now'],
    ['data', 503, true, 'just now'],
  ] as const)('that answers %s with %i', async (step, code, retryable, says) => {
    const server = await startMailServer({
      refuse: (at, address) =>
        at === step ? { code, message: `5.1.1 <${address}> and hunter2` } : null,
    });
    const error = await failure(openNotifier(server.url.replace('//', '//u:hunter2@')));
    expect(error).toMatchObject({ retryable });
    expect(String(error)).toContain(says);
    expect(String(error)).toContain(String(code));
    expect(server.mails).toEqual([]);
  });

  it('that refuses one of two people is told apart from one that took all', async () => {
    const server = await startMailServer({
      refuse: (at, address) =>
        at === 'rcpt' && address.startsWith('gone') ? { code: 550, message: 'no such user' } : null,
    });
    const to = ['here@example.org', 'gone@example.org'];
    const error = await failure(openNotifier(server.url, { to }));
    expect(error).toMatchObject({ retryable: false });
    expect(String(error)).toContain('refused 1 of the recipients; the others have the mail');
    expect(server.mails).toHaveLength(1);
  });

  it('that is not there is retryable', async () => {
    const error = await failure(openNotifier(`smtp://me:hunter2@127.0.0.1:${await closedPort()}`));
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).toContain('cannot be reached');
  });

  it('that never greets is given up, retryable', async () => {
    const { url } = await startSilentServer();
    const notifier = openNotifier(url, { timeoutMs: 100 });
    expect(await failure(notifier)).toMatchObject({ retryable: true });
    expect(await notifier.check(NEVER)).toMatchObject([{ level: 'error' }]);
  });

  it('is no longer waited for when the process stops', async () => {
    const { url, connected } = await startSilentServer();
    const stop = new AbortController();
    const delivering = openNotifier(url, { timeoutMs: 600_000 }).deliver(
      delivery(FINISHED),
      stop.signal,
    );
    await connected;
    stop.abort();
    await expect(delivering).rejects.toBeInstanceOf(NotifyError);
  });
});

describe('an SMTP_URL', () => {
  it.each(['hunter2', '', 'https://me:hunter2@mail.example.org', 'smtp://'])(
    'such as %j is named by its setting, never repeated',
    async (smtpUrl) => {
      const notifier = openNotifier(smtpUrl);
      const error = await failure(notifier);
      expect(error).toMatchObject({ retryable: false });
      const findings = await notifier.check(NEVER);
      expect(findings).toMatchObject([{ level: 'error' }]);
      expect(JSON.stringify(findings)).toContain('SMTP_URL');
      expect(JSON.stringify(findings)).not.toContain('hunter2');
    },
  );
});
