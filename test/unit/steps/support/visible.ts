/**
 * What a reader sees, found by other means than the code under test: unseen elements are taken out of
 * the document with selectors, attributes that show as text are put in, and cheerio gives the text.
 */
import { load } from 'cheerio';
import type { Block, ListItem, Page } from '../../../../src/core/page.ts';

const UNSEEN = [
  'script',
  'style',
  'template',
  'head',
  'iframe',
  'frame',
  'noframes',
  'noembed',
  'embed',
  'datalist',
  '[hidden]',
  'dialog:not([open])',
  'input[type="hidden" i]',
  'annotation',
  'annotation-xml',
].join(',');

const APART = [
  'address,article,aside,blockquote,body,br,button,caption,center,dd,details,dialog,dir,div,dl,dt,fieldset,',
  'figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hgroup,hr,img,input,legend,li,listing,main,menu,nav,',
  'ol,optgroup,option,p,plaintext,pre,search,section,select,summary,svg,table,tbody,td,textarea,tfoot,th,thead,',
  'tr,ul,xmp',
].join('');

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
const MATH_NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** Marks that only a page draws: bullets and numbers (with an en space), boxes. */
const DRAWN = /(?:•|\d+\.)\u2002|[☐☑]/g;

function wordsOf(text: string): string[] {
  return text.replace(DRAWN, ' ').match(/[\p{L}\p{N}\p{M}\p{S}\p{P}]+/gu) ?? [];
}

/** The visible words of an HTML source, in order. */
export function wordsOfHtml(html: string): string[] {
  // PostgreSQL holds neither half a surrogate pair nor NUL, so no page does.
  const $ = load(html.toWellFormed().replaceAll('\0', ''), { scriptingEnabled: false });
  $(UNSEEN).remove();
  $('title')
    .filter((_, title) => $(title).closest('svg').length === 0)
    .remove();
  $('[style]')
    .filter((_, element) =>
      /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\s*(?:;|!|$)/i.test(
        $(element).attr('style') ?? '',
      ),
    )
    .remove();
  $('img').each((_, image) => {
    const source = $(image);
    const alt = source.attr('alt')?.trim() ?? '';
    const isPixel =
      ['width', 'height'].some((side) => /^\s*[01](px)?\s*$/.test(source.attr(side) ?? '')) ||
      /(?:^|[;\s])(?:(?:max-)?(?:width|height)\s*:\s*[01](?:px)?|opacity\s*:\s*0(?:\.0+)?)\s*(?:[;!]|$)/i.test(
        source.attr('style') ?? '',
      );
    const address = source.attr('src')?.trim() ?? '';
    const url = !isPixel && URL.canParse(address) ? new URL(address) : null;
    const hasSize = source.is('[width], [height], [srcset], [style]');
    const isBeacon =
      url?.protocol === 'https:' &&
      !hasSize &&
      (url.search !== '' || /(pixel|track|beacon|spacer|blank|1x1)[^/]*$/i.test(url.pathname));
    const isLink = url?.protocol === 'http:' || isBeacon;
    const shown = alt === '' && isLink ? (url?.href ?? '') : alt;
    source.before($('<span>').text(` ${shown} `));
  });
  $('input').each((_, input) => {
    const type = $(input).attr('type')?.toLowerCase() ?? 'text';
    if (['checkbox', 'radio', 'password', 'file'].includes(type)) return;
    const shown =
      type === 'image'
        ? $(input).attr('alt')
        : ($(input).attr('value') ?? $(input).attr('placeholder'));
    $(input).before($('<span>').text(` ${shown ?? ''} `));
  });
  // A cell within a formula is an unknown element of MathML, which browsers draw in line.
  const blocks = $(APART).filter(
    (_, element) => !('namespace' in element && element.namespace === MATH_NAMESPACE),
  );
  const apart = blocks.add(
    $('svg *').filter(
      (_, element) => element.namespace === SVG_NAMESPACE && element.tagName !== 'tspan',
    ),
  );
  apart.before(' ').after(' ');
  apart.prepend(' ').append(' ');
  return wordsOf($.root().text());
}

function itemTexts(item: ListItem, form: 'text' | 'html'): string[] {
  return [item[form], ...(item.items ?? []).flatMap((inner) => itemTexts(inner, form))];
}

function blockTexts(block: Block, form: 'text' | 'html'): string[] {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
    case 'callout':
      return [block[form]];
    case 'list':
      return block.items.flatMap((item) => itemTexts(item, form));
    case 'code':
      return [escaped(block.text, form)];
    case 'table': {
      const cells = [block.header, ...block.rows].flat();
      const html = block.html === undefined ? null : [block.html.header, ...block.html.rows].flat();
      return form === 'html' && html !== null ? html : cells.map((cell) => escaped(cell, form));
    }
    case 'details':
      return [
        escaped(block.summary, form),
        ...block.blocks.flatMap((inner) => blockTexts(inner, form)),
      ];
    case 'image':
      return [escaped(block.alt, form)];
    case 'definition':
      return block.items.flatMap((item) => [escaped(item.term, form), item[form]]);
  }
}

function escaped(text: string, form: 'text' | 'html'): string {
  return form === 'text' ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function plain(html: string): string {
  return load(html.replaceAll('<br>', ' <br> '), null, false).root().text();
}

/** The words of a page, from its plain texts or from its inline HTML. */
export function wordsOfPage(page: Page, form: 'text' | 'html'): string[] {
  const texts = page.sections.flatMap((section) => [
    escaped(section.heading ?? '', form),
    ...section.blocks.flatMap((block) => blockTexts(block, form)),
  ]);
  return wordsOf(texts.map((text) => (form === 'text' ? text : plain(text))).join(' '));
}
