/** HTML for property tests: well-nested trees of every element that matters. */
import * as fc from 'fast-check';

const WORDS = [
  'kariéra',
  'ďalší',
  'C#',
  '2 * 3',
  'snake_case',
  'שלום',
  'مرحبا',
  '👩‍💻',
  '日本語',
  'a\u00A0b',
  '5 < 6',
  'R&D',
  '"x"',
  '—',
  '1.',
  '- ',
  '\n',
  '  ',
  '**tučné**',
  '`kód`',
  '[x](https://example.com/a_b)',
  '# nadpis',
  'e\u0301',
  '∑',
];

/** Bullets, boxes and en spaces are what pages draw; in texts they could not be told from those. */
const text = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((words) => words.join(' ').replace(/[•☐☑\u2002]/g, ''));

function escape(plain: string): string {
  return plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const escaped = text.map(escape);

const address = fc.constantFrom(
  'https://example.com/a?b=1&amp;c=2',
  'http://example.com',
  'mailto:a@example.com',
  'javascript:alert(1)',
  'data:text/html,x',
  '#part',
  '/relative',
  'https://user:pass@example.com/',
  'java&#10;script:alert(1)',
);

function wrap(tag: string, inner: fc.Arbitrary<string>, attributes = ''): fc.Arbitrary<string> {
  return inner.map((html) => `<${tag}${attributes}>${html}</${tag}>`);
}

const unseen = fc.constantFrom(
  '<!-- secret -->',
  '<script>secret()</script>',
  '<style>.secret{}</style>',
  '<template>secret</template>',
  '<span hidden>secret</span>',
  '<p style="display: none">secret</p>',
  '<iframe src="https://secret.example">secret</iframe>',
  '<input type="hidden" value="secret">',
);

const picture = fc
  .tuple(
    fc.constantFrom(
      'https://example.com/a.png',
      'http://example.com/a.png',
      'data:image/png;base64,AA',
      '/a.png',
    ),
    escaped,
  )
  .map(([src, alt]) => `<img src="${src}" alt="${alt}">`);

const pieces = fc.letrec<{ inline: string; flow: string; item: string; list: string }>((tie) => {
  const inline = tie('inline');
  const inlines = fc.array(inline, { maxLength: 3 }).map((parts) => parts.join(''));
  const flows = fc.array(tie('flow'), { maxLength: 3 }).map((parts) => parts.join('\n'));
  const mixed = fc.oneof(
    inlines,
    flows,
    fc.tuple(inlines, flows, inlines).map((parts) => parts.join('')),
  );
  const items = fc
    .array(tie('item'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(''));
  const marks = [
    'b',
    'i',
    'em',
    'strong',
    'code',
    'kbd',
    'sub',
    'sup',
    'q',
    'mark',
    'u',
    's',
    'small',
    'span',
    'font',
    'label',
    'x-thing',
    'bdi',
    'cite',
    'noscript',
    'video',
    'button',
  ];
  const boxes = [
    'p',
    'div',
    'section',
    'article',
    'header',
    'footer',
    'main',
    'nav',
    'blockquote',
    'aside',
    'figure',
    'address',
    'center',
    'fieldset',
    'form',
  ];
  const cell = fc
    .tuple(
      fc.constantFrom('td', 'th'),
      fc.constantFrom('', ' colspan=2', ' rowspan=3', ' rowspan=0', ' colspan=x'),
      mixed,
    )
    .map(([tag, span, inner]) => `<${tag}${span}>${inner}</${tag}>`);
  const row = fc.array(cell, { maxLength: 3 }).map((cells) => `<tr>${cells.join('')}</tr>`);
  const rows = fc.array(row, { maxLength: 3 }).map((all) => all.join(''));
  return {
    inline: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      escaped,
      escaped,
      fc.constantFrom('<br>', '<br><br>', '<wbr>', '&nbsp;', '&shy;', ' '),
      unseen,
      picture,
      fc
        .tuple(fc.constantFrom(...marks), inlines)
        .map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
      fc
        .tuple(address, inlines)
        .map(([href, inner]) => `<a href="${href}" onclick="x()">${inner}</a>`),
      fc
        .tuple(escaped, escaped)
        .map(([title, shown]) => `<svg><title>${title}</title><text>${shown}</text></svg>`),
      fc.tuple(escaped, escaped).map(([base, top]) => `<ruby>${base}<rt>${top}</rt></ruby>`),
      escaped.map((value) => `<input type="submit" value="${value}">`),
      fc.constantFrom(
        '<input type="checkbox" checked>',
        '<input type="radio">',
        '<input type="password" value="secret">',
      ),
      escaped.map((value) => `<select><option>${value}</option><option>${value}</option></select>`),
    ),
    item: mixed.map((inner) => `<li>${inner}</li>`),
    list: fc
      .tuple(fc.constantFrom('ul', 'ol', 'ol start="3"', 'menu'), items)
      .map(([tag, inner]) => `<${tag}>${inner}</${tag.split(' ')[0]}>`),
    flow: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      wrap('p', inlines),
      fc.tuple(fc.constantFrom(...boxes), mixed).map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
      fc
        .tuple(fc.constantFrom('tip', 'note warning', 'callout-info', 'sect'), mixed)
        .map(([name, inner]) => `<div class="${name}">${inner}</div>`),
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), inlines)
        .map(([level, inner]) => `<h${level}>${inner}</h${level}>`),
      tie('list'),
      fc
        .tuple(items, tie('list'), items)
        .map(([first, nested, last]) => `<ul>${first}${nested}${last}</ul>`),
      fc
        .tuple(inlines, mixed, mixed)
        .map(
          ([term, one, two]) =>
            `<dl><dt>${term}</dt><dd>${one}</dd><dd>${two}</dd><div><dt>${term}</dt></div></dl>`,
        ),
      fc
        .tuple(inlines, rows, rows)
        .map(
          ([caption, head, body]) =>
            `<table><caption>${caption}</caption><thead>${head}</thead><tbody>${body}</tbody></table>`,
        ),
      fc
        .tuple(inlines, mixed)
        .map(([summary, inner]) => `<details><summary>${summary}</summary>${inner}</details>`),
      mixed.map((inner) => `<details open>${inner}</details>`),
      fc
        .tuple(escaped, escaped)
        .map(([one, two]) => `<pre><code class="language-js">${one}\n  <b>${two}</b></code></pre>`),
      fc
        .tuple(picture, inlines)
        .map(([image, caption]) => `<figure>${image}<figcaption>${caption}</figcaption></figure>`),
      escaped.map((value) => `<textarea>${value}</textarea>`),
      wrap('dialog', mixed, ' open'),
      wrap('dialog', fc.constant('secret')),
      inlines,
      unseen,
      fc.constant('<hr>'),
    ),
  };
});

/** A body's worth of well-nested HTML. What no reader may see says `secret`. */
export const htmlTree: fc.Arbitrary<string> = fc
  .array(pieces.flow, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('\n'));
