/** Slack by an incoming webhook. */
import { type FetchFunction, IncomingWebhook } from '@slack/webhook';
import { NotifyError } from '../../../core/errors-notify.ts';
import { createScrubber } from '../../../core/scrub.ts';
import type { Clock, Notifier } from '../../../ports.ts';
import { slackMessage } from './message.ts';
import { slackError } from './slack-errors.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
/** Slack takes one message a second from a webhook. */
const GAP_MS = 1_000;

const SLACK_HOST = /^hooks\.slack(?:-gov)?\.com$/;
const SLACK_PATH = /^\/(?:services|workflows|triggers)\/.+/;

/** What is wrong with the URL, without the URL; null when it is well formed. */
function problemOf(webhookUrl: string): string | null {
  if (!URL.canParse(webhookUrl)) return 'is not a URL';
  const { protocol, hostname, pathname } = new URL(webhookUrl);
  if (protocol !== 'https:' && protocol !== 'http:') return 'does not begin with https://';
  if (SLACK_HOST.test(hostname) && (protocol !== 'https:' || !SLACK_PATH.test(pathname))) {
    return 'is not the address of an incoming webhook (https://hooks.slack.com/services/…)';
  }
  return null;
}

export function createSlackNotifier(options: {
  /** A secret: who knows it can post. Any server that takes Slack's messages will do. */
  readonly webhookUrl: string;
  /** Of the operator's dashboard; null for messages without links. */
  readonly dashboardUrl: string | null;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}): Notifier {
  const { webhookUrl, dashboardUrl, clock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const scrubber = createScrubber([webhookUrl]);
  const problem = problemOf(webhookUrl);
  const malformed =
    problem === null ? null : `SLACK_WEBHOOK_URL ${problem}. Copy it anew from Slack's app page.`;

  let nextMs = -Infinity;

  /** Waits until a second has passed since the message before; the next one counts from this one. */
  async function pause(signal: AbortSignal): Promise<void> {
    const nowMs = clock.now();
    // A clock that was set back must not hold messages up.
    const waitMs = Math.min(Math.max(nextMs - nowMs, 0), GAP_MS);
    nextMs = nowMs + waitMs + GAP_MS;
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  }

  return {
    channel: 'slack',

    async deliver(delivery, signal) {
      if (malformed !== null) throw new NotifyError(malformed, { retryable: false });
      await pause(signal);
      let retryAfter: string | null = null;
      // The SDK takes no signal and drops the headers of a refusal; both pass through here.
      const fetchOnce: FetchFunction = async (url, init) => {
        const response = await fetch(url, {
          ...init,
          // A webhook never moves: a redirect is an answer like any other, and a refusal.
          redirect: 'manual',
          signal: AbortSignal.any([signal, ...(init?.signal === undefined ? [] : [init.signal])]),
        });
        retryAfter = response.headers.get('retry-after');
        return response;
      };
      const webhook = new IncomingWebhook(webhookUrl, { timeout: timeoutMs, fetch: fetchOnce });
      try {
        await webhook.send(slackMessage(delivery, dashboardUrl));
      } catch (error) {
        throw slackError(error, retryAfter, scrubber);
      }
    },

    check: () =>
      Promise.resolve([
        {
          name: 'Slack',
          level: malformed === null ? 'ok' : 'error',
          detail:
            malformed === null
              ? 'SLACK_WEBHOOK_URL is well formed; no message was sent to try it'
              : `SLACK_WEBHOOK_URL ${problem}`,
          action: malformed === null ? null : "Copy the webhook's URL anew from Slack's app page",
        },
      ]),

    close: () => Promise.resolve(),
  };
}
