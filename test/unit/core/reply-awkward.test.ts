/** Awkward replies of every kind, for each of the three shapes: read whole, or refused in words. */
import { describe, expect, it } from 'vitest';
import { extractBloks } from '../../../src/core/reply/extract-bloks.ts';
import { extractHtml } from '../../../src/core/reply/extract-html.ts';
import { extractJson } from '../../../src/core/reply/extract-json.ts';
import type { Result } from '../../../src/core/result.ts';
import { parseProfile } from '../../../src/steps/input-transform.ts';
import { BLOKS, PAGE, PLAN, SHAPES } from './reply-shapes.ts';
import { CUTS, TWICE, WRAPPINGS } from './reply-wrappings.ts';

describe.each(Object.entries(SHAPES))('%s', (_shape, { text, value, read, cut }) => {
  it.each(Object.entries(WRAPPINGS))('is read out of %s', (_name, wrap) => {
    expect(read(wrap(text))).toEqual({ ok: true, value });
  });

  it.each(Object.entries(TWICE))('is read where it is there twice: %s', (_name, wrap) => {
    expect(read(wrap(text, cut))).toEqual({ ok: true, value });
  });

  it.each(Object.entries(CUTS))('is known to be cut %s, and the refusal says so', (_name, wrap) => {
    const result = read(wrap(cut));
    expect(result.ok ? '' : result.error.reason).toMatch(/incomplete|cut off/);
  });
});

describe('what only one shape has', () => {
  it.each([
    [
      'straight and typographic quotes mixed',
      '{"name": "Anna”, “age": 3}',
      { name: 'Anna', age: 3 },
    ],
    ['an object in a text of JSON', '"{\\"name\\": \\"A\\"}"', { name: 'A' }],
  ])('JSON with %s', (_name, reply, value) => {
    expect(extractJson(reply)).toEqual({ ok: true, value });
  });

  it('JSON beside a larger object that is no profile', () => {
    const reply = '{"name": "Anna"}\n\nYour limits: {"a": 1, "b": 2, "c": 3}';
    expect(parseProfile(reply)).toMatchObject({ ok: true, value: { name: 'Anna' } });
  });

  it.each([
    ['bold tags', PLAN.replace(/<\/?blok-\d>/g, '**$&**')],
    ['tags as headings', PLAN.replace(/<\/?blok-\d>/g, '### $&')],
    ['tags as code', PLAN.replace(/<\/?blok-\d>/g, '`$&`')],
    ['tags as items', PLAN.replace(/<blok-\d>/g, '- $&')],
    ['tags without a dash', PLAN.replaceAll('blok-', 'blok')],
    ['tags with a space', PLAN.replaceAll('blok-', 'blok ')],
    ['one tag escaped', PLAN.replace('</blok-2>', '&lt;/blok-2&gt;')],
    ['typographic quotes in a tag', PLAN.replace('<blok-1>', '<blok-1 id=“a”>')],
    ['an object around it', JSON.stringify({ plan: PLAN })],
  ])('a plan with %s', (_name, reply) => {
    expect(extractBloks(reply, 3)).toEqual({ ok: true, value: BLOKS });
  });

  it('a plan whose block ends in a fence on the line of its closing tag', () => {
    const reply = '<blok-1>\n```\nx\n```</blok-1>';
    expect(extractBloks(reply, 1)).toEqual({ ok: true, value: ['```\nx\n```'] });
  });

  it.each([
    ['typographic quotes in tags', PAGE.replace(/="([^"]*)"/g, '=“$1”')],
    ['low and high quotes in tags', PAGE.replace(/="([^"]*)"/g, '=„$1“')],
    ['no-break spaces in tags', PAGE.replace(/<[^>]*>/g, (tag) => tag.replaceAll(' ', '\u00A0'))],
    ['an object around it', JSON.stringify({ html: PAGE, note: 'ok' })],
    ['an object in a fence around it', `\`\`\`json\n${JSON.stringify({ html: PAGE })}\n\`\`\``],
  ])('HTML with %s', (_name, reply) => {
    expect(extractHtml(reply).ok && mended(extractHtml(reply))).toBe(PAGE);
  });

  it('HTML whose text and values hold such quotes and spaces keeps them', () => {
    const page = '<html><p title="“a” =“b” c">„áno“\u00A0= “x” \u00A0</p></html>';
    expect(extractHtml(page)).toEqual({ ok: true, value: page });
  });

  it.each([
    [
      '<h1>A</h1>\n<p>b</p>\n<p>that is cut in the',
      'the HTML is incomplete; the reply was cut off',
    ],
    ['<h1>A</h1>\n<p>b</p>\n<strong>that', 'the HTML is incomplete; the reply was cut off'],
    [
      'Here: {"html": "<html lang=\\"sk\\">\\n<p>a</p></html>"}',
      'the HTML page stands inside JSON, with \\" and \\n; the page itself was asked for, from <!doctype html> to </html>',
    ],
  ])('HTML is refused: %j', (reply, reason) => {
    expect(extractHtml(reply)).toEqual({ ok: false, error: { reason } });
  });
});

/** Doctypes are written without attributes, so only their spaces may differ. */
function mended(result: Result<string>): string {
  return result.ok ? result.value.replace(/^<!doctype\s/, '<!doctype ') : result.error.reason;
}
