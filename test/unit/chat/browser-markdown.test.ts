import * as fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { checkCopy } from '../../../src/adapters/chat/browser/copy-check.ts';
import { toMarkdown } from '../../../src/adapters/chat/browser/markdown/to-markdown.ts';

/** A block of code as the page shows it: a head with the language and a button, then the code. */
function shownCode(code: string, options: { head?: string; className?: string } = {}): string {
  const { head = '', className = '' } = options;
  return `<pre><div><div class="head">${head}</div><div><button aria-label="Copy">Copy code</button></div><div dir="ltr"><code class="${className}">${code}\n</code></div></div></pre>`;
}

describe('markup → markdown', () => {
  it.each([
    ['paragraphs', '<p>One.</p><p>Two.</p>', 'One.\n\nTwo.'],
    ['a line break', '<p>One<br>two</p>', 'One\ntwo'],
    ['headings', '<h1>One</h1><h3>Three</h3>', '# One\n\n### Three'],
    ['marks', '<p><strong>a</strong> <em>b</em> <del>c</del></p>', '**a** *b* ~~c~~'],
    ['blanks beside a mark', '<p>a<strong> b </strong>c</p>', 'a **b** c'],
    ['a link', '<p><a href="https://a.example/x">here</a></p>', '[here](https://a.example/x)'],
    [
      'a bare link',
      '<p><a href="https://a.example">https://a.example</a></p>',
      'https://a.example',
    ],
    ['a list', '<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['a numbered list', '<ol start="3"><li>a</li><li>b</li></ol>', '3. a\n4. b'],
    ['a nested list', '<ul><li>a<ol><li>b</li></ol></li></ul>', '- a\n  1. b'],
    ['a loose list', '<ul><li><p>a</p></li><li><p>b</p></li></ul>', '- a\n\n- b'],
    ['tasks', '<ul><li><input type="checkbox" checked> a</li></ul>', '- [x] a'],
    ['a quote', '<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b'],
    ['a rule', '<p>a</p><hr><p>b</p>', 'a\n\n---\n\nb'],
    [
      'tags as text',
      '<p>&lt;blok-1&gt; *as it is* &lt;/blok-1&gt;</p>',
      '<blok-1> *as it is* </blok-1>',
    ],
    ['inline code', '<p><code>a`b</code></p>', '``a`b``'],
    [
      'a table',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1|2</td><td></td></tr></tbody></table>',
      '| a | b |\n| --- | --- |\n| 1\\|2 |  |',
    ],
    [
      'a formula',
      '<p>So <span class="katex"><span class="katex-mathml"><math><annotation encoding="application/x-tex">x^2</annotation></math></span><span class="katex-html" aria-hidden="true">x2</span></span>.</p>',
      'So $x^2$.',
    ],
    [
      'controls and words for screen readers',
      '<h5 class="sr-only">ChatGPT said:</h5><p>a<button>Copy</button></p>',
      'a',
    ],
  ])('%s', (_name, html, markdown) => {
    expect(toMarkdown(html)).toBe(markdown);
  });

  it.each([
    ['its class', { className: 'hljs language-python' }, 'python'],
    ['its head', { head: 'Python' }, 'python'],
    ['neither', {}, ''],
    ['a head of several words, which is none', { head: 'Plain text' }, ''],
  ])('names the language of code by %s', (_name, options, language) => {
    expect(toMarkdown(shownCode('a = 1', options))).toBe(`\`\`\`${language}\na = 1\n\`\`\``);
  });

  it('keeps lines that look like the interface', () => {
    const lines = ['python', 'go', 'json', 'Copy code', 'Retry'];
    const html = lines.map((line) => `<p>${line}</p>`).join('') + shownCode(lines.join('\n'));
    expect(toMarkdown(html)).toBe(`${lines.join('\n\n')}\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``);
  });

  it('puts a longer fence round code that holds one', () => {
    expect(toMarkdown(shownCode('```\na\n```'))).toBe('````\n```\na\n```\n````');
  });
});

describe('checking a copy', () => {
  it.each([
    ['the answer', '**One** two', 'One two', 'whole'],
    [
      'addresses of links',
      `${'word '.repeat(30)}[x](https://a.example)`,
      `${'word '.repeat(30)}x`,
      'whole',
    ],
    ['a list numbered by the page', '1. a\n1. b', '1. a\n2. b', 'whole'],
    ['nothing', ' \n', 'One', 'empty'],
    ['a first part', 'One', 'One two', 'partial'],
    ['a last part', 'two', 'One two', 'partial'],
    ['another answer', 'Three', 'One two', 'other'],
    ['a longer answer that begins the same', 'One two three', 'One two', 'other'],
    [
      'an answer that differs in one word',
      `${'word '.repeat(200)}7`,
      `${'word '.repeat(200)}8`,
      'other',
    ],
    ['the same words in another order', 'two one', 'one two', 'other'],
    ['other signs, where there are no words', '?!', '!?', 'other'],
    ['the same signs', '--- ??', '--- ??', 'whole'],
    ['other emoji', '👍', '👎', 'other'],
  ])('%s', (_name, copied, shown, verdict) => {
    expect(checkCopy(copied, shown)).toBe(verdict);
  });

  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const line = fc
    .tuple(
      fc.constantFrom('', '# ', '- ', '1. ', '> ', '**', '`'),
      fc.array(word, { minLength: 1, maxLength: 12 }),
    )
    .map(([mark, words]) => {
      const close = mark === '**' || mark === '`' ? mark : '';
      return mark + words.join(' ') + close;
    });
  const answer = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n\n'));

  it('takes every answer that is shown rendered, and none of its parts', () => {
    const rendered = (text: string): string => toMarkdown(marked.parse(text, { async: false }));
    fc.assert(
      fc.property(answer, word, (text, lost) => {
        expect(checkCopy(text, rendered(text))).toBe('whole');
        expect(checkCopy(text, rendered(`${text}\n\n${lost}`))).toBe('partial');
      }),
    );
  });
});
