import { describe, expect, it } from 'vitest';
import { cleanPage } from '../../../src/steps/clean.ts';
import { clean } from './support/cleaning.ts';
import { pageOf } from './support/pages.ts';

describe('signs and numbers that mean something', () => {
  it.each([
    [
      'for and against',
      '<p>+ voľný rozvrh<br>+ žiadne dochádzanie<br>- samota<br>- menej kontaktov</p>',
    ],
    ['for and against, a paragraph each', '<p>+ a</p><p>+ b</p><p>- c</p><p>- d</p>'],
    ['for and against, apart', '<p>+ a<br>+ b</p><p>Ale:</p><p>- c<br>- d</p>'],
    ['amounts', '<p>- 10 % zľava<br>- 20 % zľava</p>'],
    ['amounts of money', '<p>+ 5 €</p><p>+ €10</p>'],
    ['amounts in a list', '<ul><li>- 10 % zľava</li><li>- 20 % zľava</li></ul>'],
    ['an amount among others', '<p>- príprava<br>- 10 minút<br>- koniec<br>- pokoj</p>'],
    ['days', '<p>1. mája je sviatok.<br>2. mája sa pracuje.</p>'],
    ['days, a paragraph each', '<p>1. února začíname.</p><p>2. února končíme.</p>'],
    ['days in German', '<p>1. Mai: frei<br>2. Mai: Arbeit</p>'],
    ['days in numbers', '<p>1. 5. je sviatok.<br>2. 5. sa pracuje.</p>'],
    ['one line of each sign', '<p>- a<br>* s DPH</p>'],
  ])('stay: %s', (_name, html) => {
    const page = pageOf(`<h1>A</h1><p>x</p>${html}<p>y</p>`);
    expect(cleanPage(page)).toEqual({ page, changes: [] });
  });

  it.each<[string, string, string[][]]>([
    ['one sign is one list', '<p>+ a<br>+ b</p>', [['a', 'b']]],
    [
      'another sign is another list',
      '<p>* a<br>* b<br>- c<br>- d</p>',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a star marks no amount', '<p>* 5 minút<br>* 10 minút</p>', [['5 minút', '10 minút']]],
    ['months are no days', '<p>1. Január<br>2. Február</p>', [['Január', 'Február']]],
    [
      'nor is what begins like one',
      '<p>1. majte plán<br>2. juniori</p>',
      [['majte plán', 'juniori']],
    ],
  ])('and elsewhere %s', (_name, html, lists) => {
    const { blocks } = clean(`<h1>A</h1><p>x</p>${html}<p>y</p>`);
    const items = blocks.flatMap((block) =>
      block.type === 'list' ? [block.items.map((item) => item.text)] : [],
    );
    expect(items).toEqual(lists);
  });

  it('do not keep a paragraph from being several lists with text between', () => {
    const pairs = Array.from({ length: 20 }, (_, at) => `- a${at}<br>- b${at}<br>Text ${at}.`);
    const { blocks } = clean(`<p>x</p><p>${pairs.join('<br>')}</p><p>y</p>`);
    expect(blocks.filter((block) => block.type === 'list')).toHaveLength(20);
  });
});
