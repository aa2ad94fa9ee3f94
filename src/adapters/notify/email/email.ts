/** E-mail by SMTP. */
import { createTransport } from 'nodemailer';
import { NotifyError } from '../../../core/errors-notify.ts';
import { createScrubber } from '../../../core/scrub.ts';
import type { Notifier } from '../../../ports.ts';
import { emailError } from './email-errors.ts';
import { emailMessage } from './message.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
/** Between two notifications of one burst; then the connection is given back. */
const IDLE_MS = 30_000;

/** What is wrong with the URL, without the URL; null when it is well formed. */
function problemOf(smtpUrl: string): string | null {
  if (!URL.canParse(smtpUrl)) return 'is not a URL such as smtps://user:password@mail.example.org';
  const { protocol, hostname } = new URL(smtpUrl);
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    return 'does not begin with smtp:// or smtps://';
  return hostname === '' ? 'names no mail server' : null;
}

function transportOf(smtpUrl: string, timeoutMs: number) {
  return createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 1,
    // The outbox repeats; a second repetition inside would hide that a mail may have arrived.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
}

export function createEmailNotifier(options: {
  /** A secret when it holds a password. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Of the operator's dashboard; null for mails without links. */
  readonly dashboardUrl: string | null;
  /** For a whole delivery. */
  readonly timeoutMs?: number;
}): Notifier {
  const { smtpUrl, from, to, dashboardUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const scrubber = createScrubber([smtpUrl]);
  const problem = problemOf(smtpUrl);
  const transport = problem === null ? transportOf(smtpUrl, timeoutMs) : null;
  const malformed = `SMTP_URL ${problem ?? ''}.`;

  return {
    channel: 'email',

    async deliver(delivery, signal) {
      if (transport === null) throw new NotifyError(malformed, { retryable: false });
      const message = emailMessage(delivery, { from, to, dashboardUrl });
      const deadline = AbortSignal.timeout(timeoutMs);
      const sent = await transport
        .sendMail({ ...message, signal: AbortSignal.any([signal, deadline]) })
        .catch((error: unknown) => {
          throw emailError(error, scrubber);
        });
      if (sent.rejected.length > 0) {
        throw new NotifyError(
          `The mail server refused ${sent.rejected.length} of the recipients; the others have the ` +
            'mail. Check EMAIL_TO.',
          { retryable: false },
        );
      }
    },

    async check() {
      if (transport === null) {
        return [{ name: 'E-mail', level: 'error', detail: malformed, action: 'Set SMTP_URL anew' }];
      }
      try {
        await transport.verify();
        const detail = 'the mail server takes the login; no mail was sent to try it';
        return [{ name: 'E-mail', level: 'ok', detail, action: null }];
      } catch (error) {
        const { message } = emailError(error, scrubber);
        const action = 'Check SMTP_URL and that this machine may reach the mail server';
        return [{ name: 'E-mail', level: 'error', detail: message, action }];
      }
    },

    close() {
      transport?.close();
      return Promise.resolve();
    },
  };
}
