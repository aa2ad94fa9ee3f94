import { describe, expect, it } from 'vitest';
import {
  noticeKindOf,
  type NoticeKind,
  worstNotice,
} from '../../../src/adapters/chat/page/notices.ts';
import { chatErrorOf } from '../../../src/adapters/chat/page/trouble.ts';

const NOW_MS = Date.parse('2026-11-23T15:30:00.000Z');
const CONTEXT = { nowMs: NOW_MS, timeZone: 'Europe/Bratislava', throttles: 1 };

const SAID: readonly (readonly [NoticeKind, string])[] = [
  [
    'throttled',
    'Too many requests. You’re making requests too quickly. Please wait a few minutes.',
  ],
  ['throttled', 'Príliš veľa požiadaviek'],
  ['throttled', 'Zu viele Anfragen'],
  ['plan_cap', "You've hit the Plus plan limit for GPT-5. Please try again after 11:59 PM."],
  ['plan_cap', 'You’ve reached your limit of messages. Upgrade, or wait until tomorrow.'],
  ['plan_cap', 'Dosiahli ste limit svojho plánu. Skúste to znova po 23:59.'],
  [
    'plan_cap',
    'Sie haben das Limit Ihres Tarifs erreicht. Versuchen Sie es nach 23:59 Uhr erneut.',
  ],
  ['suspicious_activity', 'We detected suspicious activity. Too many requests.'],
  ['suspicious_activity', 'Zistili sme podozrivú aktivitu'],
  ['suspicious_activity', 'Verdächtige Aktivität erkannt'],
  ['too_long', 'The message you submitted was too long, please submit something shorter.'],
  ['too_long', 'Vaša správa je príliš dlhá.'],
  ['too_long', 'Ihre Nachricht ist zu lang.'],
  ['conversation_missing', 'Unable to load conversation 6a1b'],
  ['conversation_missing', 'Konverzáciu sa nepodarilo načítať'],
  ['conversation_missing', 'Unterhaltung nicht gefunden'],
  ['logged_out', 'Your session has expired. Please log in again to continue.'],
  ['challenge', 'Just a moment...'],
  ['challenge', 'Verify you are human'],
  ['thinking_failed', 'Thinking failed'],
  ['answer_failed', 'Something went wrong while generating the response.'],
  ['answer_failed', 'Error in message stream'],
  ['answer_failed', 'Vyskytla sa chyba.'],
  ['answer_failed', 'Ein Fehler ist aufgetreten.'],
  ['network', 'Network error'],
  ['network', 'A network error occurred. Please check your connection and try again.'],
];

describe('a notice', () => {
  it.each(SAID)('means %s: %s', (kind, text) => {
    expect(noticeKindOf(text)).toBe(kind);
  });

  it.each([
    '',
    'Copied',
    'ChatGPT can make mistakes. Check important info.',
    'New chat',
    'Temporary chat',
  ])('may mean no trouble: %j', (text) => {
    expect(noticeKindOf(text)).toBeNull();
  });

  it('of several, the weightiest counts', () => {
    const texts = ['Something went wrong', 'Copied', 'Too many requests', 'Suspicious activity'];
    expect(worstNotice(texts)?.kind).toBe('suspicious_activity');
    expect(worstNotice(texts.slice(0, 3))?.kind).toBe('throttled');
    expect(worstNotice(['Copied'])).toBeNull();
  });
});

describe('its error', () => {
  it('of a plan cap carries the reset time that the page names', () => {
    const error = chatErrorOf({ kind: 'plan_cap', text: 'Try again after 11:59 PM.' }, CONTEXT);
    expect(error.code).toBe('plan_cap');
    expect(error.untilMs).toBe(Date.parse('2026-11-23T22:59:00.000Z'));
  });

  it('of a plan cap without a time leaves the time open', () => {
    const error = chatErrorOf({ kind: 'plan_cap', text: 'You have reached the limit.' }, CONTEXT);
    expect(error).toMatchObject({ code: 'plan_cap', untilMs: null });
  });

  it.each([
    [1, 5],
    [2, 10],
    [4, 30],
  ])('of throttle number %i rests %i minutes', (throttles, minutes) => {
    const notice = { kind: 'throttled', text: 'Too many requests' } as const;
    const error = chatErrorOf(notice, { ...CONTEXT, throttles });
    expect(error).toMatchObject({ code: 'rate_limited', untilMs: NOW_MS + minutes * 60_000 });
  });

  it.each([
    ['suspicious_activity', 'needs_operator'],
    ['logged_out', 'needs_operator'],
    ['challenge', 'needs_operator'],
    ['too_long', 'permanent'],
    ['conversation_missing', 'retryable'],
    ['thinking_failed', 'retryable'],
    ['answer_failed', 'retryable'],
    ['network', 'retryable'],
  ] as const)('of %s is %s, without the words of the page', (kind, code) => {
    const error = chatErrorOf({ kind, text: 'for zuzana@example.org' }, CONTEXT);
    expect(error.code).toBe(code);
    expect(error.untilMs).toBeNull();
    expect(error.message).not.toContain('zuzana');
  });
});
