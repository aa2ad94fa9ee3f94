/** What must never be in a page: anything that acts, loads, submits or frames. */
import { load } from 'cheerio';
import type { Page } from '../../../../src/core/page.ts';
import { isElement } from '../../../../src/steps/html/dom.ts';
import { renderPage } from '../../../../src/steps/render.ts';

const ELEMENTS = new Set(
  'a abbr bdi bdo br cite code del dfn em ins kbd mark q rp rt ruby s samp small strong sub sup u var'.split(
    ' ',
  ),
);
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'rel'],
  abbr: ['title'],
  bdi: ['dir'],
  bdo: ['dir'],
};
const PAGE_ELEMENTS = new Set([
  ...ELEMENTS,
  ...'html head meta title style body main section h1 h2 h3 h4 h5 h6 p ul ol li pre div table thead tbody tr th td'.split(
    ' ',
  ),
  ...'blockquote aside details summary figure img dl dt dd'.split(' '),
]);
const PAGE_ATTRIBUTES = new Set(
  'lang dir charset http-equiv content name class start scope src alt loading referrerpolicy tabindex href rel title'.split(
    ' ',
  ),
);

/** Every piece of inline HTML in a page, wherever it stands. */
export function htmlFields(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(htmlFields);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'html' && typeof member === 'string') return [member];
    if (key === 'html' && typeof member === 'object') return strings(member);
    return htmlFields(member);
  });
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}

function imageSources(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  if ('type' in value && value.type === 'image' && 'src' in value) return [String(value.src)];
  return Object.values(value).flatMap(imageSources);
}

function faultsOfInline(html: string): string[] {
  const $ = load(html, { scriptingEnabled: false }, false);
  return $('*')
    .toArray()
    .filter(isElement)
    .flatMap((element) => {
      const faults = ELEMENTS.has(element.tagName) ? [] : [`<${element.tagName}>`];
      for (const [name, value] of Object.entries(element.attribs)) {
        if (!(ATTRIBUTES[element.tagName] ?? []).includes(name))
          faults.push(`${element.tagName}@${name}`);
        if (name === 'href' && !/^(?:https?:\/\/|mailto:)/.test(value))
          faults.push(`href ${value}`);
      }
      if (element.tagName === 'a' && element.attribs['rel'] !== 'noopener noreferrer')
        faults.push('rel');
      return faults;
    });
}

function faultsOfDocument(html: string): string[] {
  const $ = load(html, { scriptingEnabled: true });
  const faults = $('*')
    .toArray()
    .filter(isElement)
    .flatMap((element) => {
      const attributes = Object.keys(element.attribs)
        .filter((name) => !PAGE_ATTRIBUTES.has(name))
        .map((name) => `page ${element.tagName}@${name}`);
      return PAGE_ELEMENTS.has(element.tagName) ? attributes : [`page <${element.tagName}>`];
    });
  const links = $('[href]')
    .toArray()
    .map((link) => $(link).attr('href') ?? '');
  const sources = $('[src]')
    .toArray()
    .map((image) => $(image).attr('src') ?? '');
  return [
    ...faults,
    ...links.filter((href) => !/^(?:https?:\/\/|mailto:)/.test(href)),
    ...sources.filter((src) => !src.startsWith('https://')),
    ...($('style').length === 1 ? [] : ['more than one style']),
    ...($('meta[http-equiv]').length === 1 ? [] : ['http-equiv']),
  ];
}

/** Everything in a page, or in its rendering, that could act; empty for every page. */
export function findDangers(page: Page): string[] {
  return [
    ...htmlFields(page).flatMap(faultsOfInline),
    ...imageSources(page).filter((src) => !src.startsWith('https://')),
    ...faultsOfDocument(renderPage(page)),
  ];
}
