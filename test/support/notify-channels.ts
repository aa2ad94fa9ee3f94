/** The operator's Slack and mailbox, for tests that run whole commands. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MAX_DESCRIPTION_CHARS } from '../../src/steps/input-transform.ts';
import type { Home } from './home.ts';
import type { Environment, Place } from './planline.ts';
import { startMailServer, type MailServer } from './smtp.ts';
import { startWebhook, type Webhook } from './webhook.ts';

/** Words of the description below that may appear nowhere but in its own files and rows. */
export const PERSONAL = [
  'Drahomíra',
  'Ovčiarková',
  'ovciarkova',
  '903 112 445',
  'sanitárka',
  'nemocnici',
  'testerkou',
  'Bystrici',
];
export const DESCRIPTION = `Volám sa Drahomíra Ovčiarková, mám 29 rokov a pracujem ako sanitárka v nemocnici
v Bystrici. Chcela by som sa stať juniorskou testerkou softvéru. Píšte mi na
drahomira.ovciarkova@example.com alebo volajte +421 903 112 445. Učiť sa môžem šesť hodín týždenne.`;
export const TOO_LONG = DESCRIPTION.repeat(Math.ceil(MAX_DESCRIPTION_CHARS / DESCRIPTION.length));
const EMAIL = {
  EMAIL_FROM: 'planline@mail.example.org',
  EMAIL_TO: 'adviser@example.org, office@example.org',
};

const slackBody = z.looseObject({ text: z.string() });

export interface Channels {
  readonly webhook: Webhook;
  readonly mails: MailServer;
  readonly env: Environment;
}

export async function startChannels(): Promise<Channels> {
  const [webhook, mails] = [await startWebhook(), await startMailServer()];
  const env = { SLACK_WEBHOOK_URL: webhook.url, SMTP_URL: mails.url, ...EMAIL };
  return { webhook, mails, env };
}

/** What Slack shows of each message, oldest first. */
export function slackTexts({ webhook }: Pick<Channels, 'webhook'>): string[] {
  return webhook.requests.map(({ body }) => slackBody.parse(body).text);
}

export function mailTexts({ mails }: Pick<Channels, 'mails'>): string[] {
  return mails.mails.map(({ mail }) => `${mail.subject ?? ''}\n${mail.text ?? ''}`);
}

export const logOf = ({ cwd }: Place): Promise<string> =>
  readFile(join(cwd, '.planline', 'logs', 'planline.log'), 'utf8');

/** Everything that left the machine, however it is wrapped, and what was printed and logged. */
export async function everythingSaid({ webhook, mails }: Channels, place: Place): Promise<string> {
  const sent = [
    webhook.requests.map(({ body }) => body),
    mails.mails.map(({ mail }) => [mail.subject, mail.text, mail.html, [...mail.headers]]),
  ];
  return `${JSON.stringify(sent)}\n${await logOf(place)}`;
}

/** Rows of the outbox as `channel state attempts`. */
export async function outboxOf({ sql }: Home, kind: string): Promise<string[]> {
  const rows = await sql(
    `select channel || ' ' || state || ' ' || attempts as row from public.pipeline_notifications
      where payload ->> 'kind' = $1 order by channel`,
    [kind],
  );
  return rows.map((row) => String(row['row']));
}
