import { describe, expect, it } from 'vitest';
import { frameOf, framePrompt } from '../../../../src/adapters/chat/desktop/framing.ts';
import {
  noticeAfter,
  noticeBefore,
  showsContinue,
  showsLogin,
  showsToken,
} from '../../../../src/adapters/chat/desktop/page-reading.ts';

const frame = frameOf('request-1');
const prompt = framePrompt('Write about limits.\nToo many requests is an error of servers.', frame);
const SIDEBAR = ['New chat', 'Too many requests', 'Plan limit reached', 'Library'];
const THROTTLED =
  'You’re making requests too quickly. We have temporarily limited access to your conversations.';

const page = (...below: string[]): string => [...SIDEBAR, prompt, ...below].join('\n');

describe('a page before the prompt is sent', () => {
  it('shows no trouble by the titles of conversations, nor by the prompt in its composer', () => {
    expect(noticeBefore(page(), prompt)).toBeNull();
  });

  it.each([
    ['throttled', THROTTLED],
    ['plan_cap', 'You’ve hit the Plus plan limit for GPT-5. Try again after 11:59 PM.'],
    ['too_long', 'The message you submitted was too long, please submit something shorter.'],
    ['suspicious_activity', 'We have detected suspicious activity on your account.'],
    ['too_long', 'Odoslaná správa bola príliš dlhá, odošlite kratšiu.'],
  ])('shows %s', (kind, text) => {
    expect(noticeBefore(page('Ask anything', text), prompt)?.kind).toBe(kind);
  });

  it('shows a challenge in few words, where there is nothing else', () => {
    expect(noticeBefore('chatgpt.com\nJust a moment...', prompt)?.kind).toBe('challenge');
    expect(noticeBefore(page('Just a moment...'), prompt)).toBeNull();
  });

  it.each([
    ['Log in or sign up\nLog in\nSign up for free', true],
    ['Anmelden\nKostenlos registrieren', true],
    ['Prihlásiť sa\nZaregistrovať sa zadarmo', true],
    ['How do I log in\nLog in', false],
    ['New chat\nSearch chats', false],
  ])('offers a login: %j is %s', (text, expected) => {
    expect(showsLogin(text)).toBe(expected);
  });
});

describe('a page after the prompt was sent', () => {
  const ANSWER = `${frame.begin}\nToo many requests\n\nNetwork error is what servers say.`;
  const below = (...lines: string[]): string =>
    page('ChatGPT said:', 'Too many requests', 'Network error is what servers say.', ...lines);

  it('shows no trouble by what the answer says', () => {
    expect(noticeAfter(below(), { frame, prompt, answer: ANSWER })).toBeNull();
  });

  it('shows trouble beside the answer', () => {
    const seen = noticeAfter(
      below('Something went wrong while generating the response.', 'Retry'),
      {
        frame,
        prompt,
        answer: ANSWER,
      },
    );
    expect(seen?.kind).toBe('answer_failed');
  });

  it('shows trouble in few words below the prompt', () => {
    const seen = noticeAfter(page('Thinking failed'), { frame, prompt, answer: null });
    expect(seen?.kind).toBe('thinking_failed');
  });

  it('shows nothing of an answer that could not be copied', () => {
    const shown = page(
      frame.begin,
      'Network error',
      'Too many requests',
      frame.end,
      'Ask anything',
    );
    expect(noticeAfter(shown, { frame, prompt, answer: null })).toBeNull();
    expect(noticeAfter(`${shown}\n${THROTTLED}`, { frame, prompt, answer: null })?.kind).toBe(
      'throttled',
    );
  });

  it('is looked at as a whole when the prompt is not drawn', () => {
    const exchanged = { frame, prompt, answer: null };
    expect(noticeAfter([...SIDEBAR, 'Hello'].join('\n'), exchanged)).toBeNull();
    expect(noticeAfter([...SIDEBAR, THROTTLED].join('\n'), exchanged)?.kind).toBe('throttled');
  });

  it('is known by the request', () => {
    expect(showsToken(page(), frame)).toBe(true);
    expect(showsToken(page(), frameOf('request-2'))).toBe(false);
  });

  it.each(['Continue generating', 'Pokračovať v generovaní', 'Generierung fortsetzen'])(
    'offers to go on: %s',
    (label) => {
      expect(showsContinue(page('and then', label))).toBe(true);
      expect(showsContinue(page(`She said: ${label} now`))).toBe(false);
    },
  );
});
