/** The three shapes in which replies are read, each with a whole text and what it says. */
import { extractBloks } from '../../../src/core/reply/extract-bloks.ts';
import { extractHtml } from '../../../src/core/reply/extract-html.ts';
import { extractJson } from '../../../src/core/reply/extract-json.ts';
import type { Result } from '../../../src/core/result.ts';

export interface Shape {
  readonly text: string;
  readonly value: unknown;
  readonly read: (reply: string) => Result<unknown>;
  /** The same text, cut in the middle of something. */
  readonly cut: string;
}

const OBJECT = {
  name: 'Žofia',
  age: 24,
  skills: ['C#', 'R&D'],
  goals: ['práca "na diaľku"'],
};
export const BLOKS: readonly string[] = [
  '## Prvý krok\n\n- a & b',
  '## Druhý krok\n\n5 > 4',
  '## Tretí krok\n\n`x`',
];
export const PLAN = BLOKS.map(
  (text, index) => `<blok-${index + 1}>\n${text}\n</blok-${index + 1}>`,
).join('\n\n');
export const PAGE = `<!doctype html>
<html lang="sk">
<head><title>Lekcia</title></head>
<body><main>
<h1>Lekcia</h1>
<p class="a">Text &amp; <a href="https://example.com/a?b=1">odkaz</a>.</p>
<ul><li>bod</li></ul>
</main></body>
</html>`;

function upTo(text: string, part: string): string {
  return text.slice(0, text.indexOf(part) + part.length);
}

const JSON_TEXT = JSON.stringify(OBJECT, null, 2);

export const SHAPES: Readonly<Record<'JSON' | 'plan' | 'HTML', Shape>> = {
  JSON: { text: JSON_TEXT, value: OBJECT, read: extractJson, cut: upTo(JSON_TEXT, '"goals"') },
  plan: {
    text: PLAN,
    value: BLOKS,
    read: (reply) => extractBloks(reply, BLOKS.length),
    cut: upTo(PLAN, 'Tretí'),
  },
  HTML: { text: PAGE, value: PAGE, read: extractHtml, cut: upTo(PAGE, '<ul>') },
};
