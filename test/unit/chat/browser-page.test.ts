/** The pure parts of the browser driver: pieces, addresses, and what a look at the page means. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, conversationAt } from '../../../src/adapters/chat/browser/address.ts';
import { chromePlaces } from '../../../src/adapters/chat/browser/chrome/find.ts';
import { isCutShort } from '../../../src/adapters/chat/browser/copy-check.ts';
import type { PageFacts, TurnFacts } from '../../../src/adapters/chat/browser/facts.ts';
import { piecesOf } from '../../../src/adapters/chat/browser/pieces.ts';
import {
  answerShown,
  doorOn,
  isMissing,
  noticeOn,
  timesShown,
  troubleIn,
} from '../../../src/adapters/chat/browser/readings.ts';
import { scrubPage } from '../../../src/adapters/chat/browser/scrub-page.ts';
import { fingerprintOf } from '../../../src/adapters/chat/page/text-compare.ts';

describe('pieces', () => {
  it('are the text again, none too long, and none cut within a character or a line end', () => {
    const text = fc.array(
      fc.constantFrom('word', ' ', '\n', '\r\n', '👩🏽‍💻', 'ž', 'e\u0301', '-', '漢'),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (parts, maxChars) => {
        const whole = parts.join('');
        const pieces = piecesOf(whole, maxChars);
        expect(pieces.join('')).toBe(whole);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(maxChars);
          expect(piece.isWellFormed()).toBe(true);
        }
        expect(pieces.join('|')).not.toContain('\r|\n');
      }),
    );
  });

  it('begin and end with letters where there are any', () => {
    const pieces = piecesOf('one two\n\nthree four\r\nfive '.repeat(200), 100);
    expect(pieces.length).toBeGreaterThan(40);
    for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/^\p{L}[^]*\p{L}$/u);
  });
});

describe('the address of a conversation', () => {
  const CHAT = 'https://chatgpt.com/';
  const ID = '0b9f7c62-7d1e-4c0a-9a55-0f1d1f0c9a11';

  it.each([
    [`https://chatgpt.com/c/${ID}`, `https://chatgpt.com/c/${ID}`],
    [`https://chatgpt.com/c/${ID}?model=x#y`, `https://chatgpt.com/c/${ID}`],
    [`/c/${ID}`, `https://chatgpt.com/c/${ID}`],
    [`https://chatgpt.com/g/g-p-1/c/${ID}`, `https://chatgpt.com/g/g-p-1/c/${ID}`],
    [`https://chatgpt.com/c/WEB:${ID}`, null],
    [`https://elsewhere.example/c/${ID}`, null],
    ['https://chatgpt.com/', null],
    ['about:blank', null],
    ['http://', null],
  ])('%s → %s', (address, conversation) => {
    expect(conversationAt(address, CHAT)).toBe(conversation);
  });

  it('is not read from the ref of another driver', () => {
    expect(addressOf({ kind: 'openai_response', id: `/c/${ID}` }, CHAT)).toBeNull();
    expect(addressOf(null, CHAT)).toBeNull();
  });
});

const turn = (role: TurnFacts['role'], text: string, more: Partial<TurnFacts> = {}): TurnFacts => ({
  key: `${role} ${text}`,
  role,
  text,
  aside: '',
  thinking: null,
  copyable: role === 'assistant',
  retryable: false,
  ...more,
});

const facts = (more: Partial<PageFacts> = {}): PageFacts => ({
  url: 'https://chatgpt.com/',
  title: 'ChatGPT',
  generation: 'G3',
  composer: { text: '', files: 0, sendable: false },
  stop: false,
  continues: false,
  turns: [],
  notices: [],
  login: false,
  challenge: false,
  ...more,
});

const NONE: ReadonlySet<string> = new Set();
const OURS = fingerprintOf('Ours, please.');

describe('the turn that answers', () => {
  const [prompt, answer] = [turn('user', 'Ours, please.'), turn('assistant', 'Here.')];
  const [other, reply] = [turn('user', 'Another.'), turn('assistant', 'There.')];

  it('follows the prompt', () => {
    const seen = facts({ turns: [other, reply, prompt, answer] });
    expect(answerShown(seen, OURS, NONE)).toBe(answer);
    expect(timesShown(seen, OURS)).toBe(1);
  });

  it('follows the last of several prompts that are the same', () => {
    const again = turn('assistant', 'Again.');
    const seen = facts({ turns: [prompt, answer, prompt, again] });
    expect(answerShown(seen, OURS, NONE)).toBe(again);
    expect(timesShown(seen, OURS)).toBe(2);
  });

  it('is not there yet', () => {
    expect(answerShown(facts({ turns: [other, reply, prompt] }), OURS, NONE)).toBeNull();
    expect(answerShown(facts(), OURS, NONE)).toBeNull();
  });

  it('is the last one when the prompt is out of sight', () => {
    expect(answerShown(facts({ turns: [answer] }), OURS, NONE)).toBe(answer);
    expect(answerShown(facts({ turns: [reply, answer] }), OURS, new Set([reply.key]))).toBe(answer);
  });

  it("is never another prompt's, nor one that was there before", () => {
    expect(answerShown(facts({ turns: [other, reply] }), OURS, NONE)).toBeNull();
    expect(answerShown(facts({ turns: [reply] }), OURS, new Set([reply.key]))).toBeNull();
    expect(answerShown(facts({ turns: [prompt, other, reply] }), OURS, NONE)).toBeNull();
  });
});

describe('trouble in a turn', () => {
  it.each<[string, Partial<TurnFacts>, string | null]>([
    ['none', {}, null],
    ['an error with Retry', { aside: 'Something went wrong', retryable: true }, 'answer_failed'],
    ['an error in words unknown', { aside: 'Oj', retryable: true }, 'answer_failed'],
    ['a failed thought', { aside: 'Thinking failed', copyable: false }, 'thinking_failed'],
    ['a lost connection', { aside: 'Network error', copyable: false }, 'network'],
    ['words beside an answer that ended well', { aside: 'Network error codes' }, null],
    ['a long text beside it', { aside: 'Network error. '.repeat(40), copyable: false }, null],
    ['its time of thinking', { aside: 'Thought for 5 s', copyable: false }, null],
  ])('%s', (_name, more, kind) => {
    expect(troubleIn(turn('assistant', 'x', more))?.kind ?? null).toBe(kind);
  });
});

describe('a notice', () => {
  it('is not what a turn says too', () => {
    const said = turn('assistant', 'They saw:\nToo many requests\nand left.');
    expect(noticeOn(facts({ notices: ['Too many requests'] }))?.kind).toBe('throttled');
    expect(noticeOn(facts({ notices: ['Too many requests'], turns: [said] }))).toBeNull();
  });

  it('tells that a conversation is missing, unless its turns are there', () => {
    const notices = ['Unable to load conversation'];
    expect(isMissing(facts({ notices }))).toBe(true);
    expect(isMissing(facts({ notices, turns: [turn('user', 'a')] }))).toBe(false);
  });
});

describe('the door', () => {
  const shut = facts({ composer: null });
  it.each<[string, PageFacts, string | null]>([
    ['open', facts({ login: true, challenge: true, title: 'Just a moment...' }), null],
    ['a login wall', { ...shut, login: true }, 'login'],
    ['a challenge by its title', { ...shut, title: 'Just a moment...' }, 'challenge'],
    ['a challenge by its widget', { ...shut, challenge: true, login: true }, 'challenge'],
    ['not there yet', shut, null],
  ])('%s', (_name, seen, door) => {
    expect(doorOn(seen)).toBe(door);
  });
});

describe('a cut answer', () => {
  const CODE_LAST = 'text\n\n```\ncode\n```';
  it.each([
    ['ends within a block', '```python\nx = 1', CODE_LAST, true],
    ['ends within a block of tildes', 'a\n\n~~~\nx', CODE_LAST, true],
    ['ends within a block in a list', '1. a\n\n   ```js\n   x', CODE_LAST, true],
    ['has closed its blocks', '```\nx\n```\n\n- ```js\n  y\n  ```', CODE_LAST, false],
    ['holds a fence in a longer one', '````\n```\n````', CODE_LAST, false],
    ['has code within a line', '``` a ``` b', CODE_LAST, false],
    ['only speaks of a fence', 'Write ``` first:\n\n```', 'Write ``` first: end', false],
  ])('%s', (_name, copied, shown, cut) => {
    expect(isCutShort(copied, shown)).toBe(cut);
  });
});

describe('the usual places of Chrome', () => {
  it('are those of the platform', () => {
    expect(chromePlaces('linux', { PATH: '/usr/bin:/snap/bin' })).toContain('/snap/bin/chromium');
    expect(chromePlaces('darwin', { HOME: '/Users/a' })[0]).toBe(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
    expect(chromePlaces('win32', { PROGRAMFILES: 'C:\\Program Files' })).toContain(
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    );
  });
});

describe('the markup that is kept as evidence', () => {
  const HTML = `<!doctype html><html><head><meta name="csrf" content="abc"><script>token = 1</script>
    <link rel="preload" href="/x?sig=1"></head><body data-seq="9"><nav aria-label="History">
    <a href="/c/1">My divorce</a></nav><header><button data-testid="profile-button">ZS</button></header>
    <main onclick="x()"><h1>Hello, Zuzana</h1><form action="/post?key=1"><input type="hidden" value="s3cret">
    <textarea>draft</textarea></form><section data-turn-id="0b9f7c62-7d1e-4c0a-9a55-0f1d1f0c9a11">
    <a href="https://a.example/?q=1">link</a> of zuzana@example.org, said
    <!-- build 7 --><p data-token="${'a1B2'.repeat(12)}">Bearer abcdef0123456789</p></section></main></body></html>`;
  const scrubbed = scrubPage(HTML, ['Zuzana Skúšobná', 'zuzana@example.org']);

  it.each(['said', 'draft', 'data-turn-id="0b9f7c62-7d1e-4c0a-9a55-0f1d1f0c9a11"', 'link'])(
    'holds what was shown: %s',
    (text) => {
      expect(scrubbed).toContain(text);
    },
  );

  it.each([
    'csrf',
    'token = 1',
    'sig=1',
    'My divorce',
    'ZS',
    'Zuzana',
    'zuzana@example.org',
    's3cret',
    'onclick',
    'key=1',
    'build 7',
    'a1B2a1B2',
    'abcdef0123456789',
  ])('does not hold %s', (text) => {
    expect(HTML).toContain(text);
    expect(scrubbed).not.toContain(text);
  });
});
