/** Elements whose text is not that of their children: controls, drawings, formulas, images. */
import {
  attribute,
  childrenOf,
  classesOf,
  findElement,
  isMixed,
  isElement,
  isHidden,
  standsApart,
  tagOf,
  textOf,
} from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { linkMark } from './inline.ts';
import type { Mark, Run } from './inline.ts';
import { safeImage, safeLink } from './links.ts';
import { mathRuns } from './math.ts';

/** What stands apart from the words around it. */
export function apart(runs: readonly Run[], marks: readonly Mark[]): Run[] {
  const space: Run = { kind: 'text', text: ' ', marks };
  return [space, ...runs, space];
}

/** Apart from the words around it; what has no words of its own parts them all the same. */
function label(text: string | null, marks: readonly Mark[]): Run[] {
  return [{ kind: 'text', text: ` ${text ?? ''} `, marks }];
}

function inputRuns(element: DomElement, marks: readonly Mark[]): Run[] {
  const type = attribute(element, 'type')?.toLowerCase() ?? 'text';
  if (type === 'checkbox' || type === 'radio') {
    return label(attribute(element, 'checked') === null ? '☐' : '☑', marks);
  }
  if (type === 'password' || type === 'file') return label(null, marks);
  if (type === 'image') return label(attribute(element, 'alt'), marks);
  return label(attribute(element, 'value') ?? attribute(element, 'placeholder'), marks);
}

/** Titles, descriptions and lettering of a drawing, each apart from the next. */
function drawingRuns(node: DomNode, marks: readonly Mark[]): Run[] {
  const text = textOf(node);
  if (text !== null) return [{ kind: 'text', text, marks }];
  if (!isElement(node) || isHidden(node)) return [];
  const inside = childrenOf(node).flatMap((child) => drawingRuns(child, marks));
  return standsApart(node) ? apart(inside, marks) : inside;
}

export type Image =
  | { readonly kind: 'image'; readonly src: string; readonly alt: string }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** Too small to be seen: it only reports that the page was opened. */
function isPixel(element: DomElement): boolean {
  const style = (attribute(element, 'style') ?? '').toLowerCase();
  if (/(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)/.test(style)) return true;
  if (/(?:^|[;\s])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)/.test(style)) return true;
  return ['width', 'height'].some((side) =>
    /^\s*[01](?:px)?\s*$/.test(attribute(element, side) ?? ''),
  );
}

/** What is to be looked at has a size, or waits until it is in sight, as our own pages have it. */
const SIGNS_OF_SIGHT = ['width', 'height', 'srcset', 'style', 'loading'];

/** Its address has something to tell and it has nothing to show: counted as loaded, not looked at. */
function isBeacon(element: DomElement, src: string): boolean {
  const { pathname, search } = new URL(src);
  const isForSight = SIGNS_OF_SIGHT.some((name) => attribute(element, name) !== null);
  const isNamed = /(?:pixel|track|beacon|spacer|blank|1x1)[^/]*$/i.test(pathname);
  return !isForSight && (isNamed || search !== '');
}

/** What is kept of an image: itself over https, a link, or only the words that stand for it. */
export function imageOf(element: DomElement): Image {
  const alt = (attribute(element, 'alt') ?? '').trim();
  const source = attribute(element, 'src');
  if (isPixel(element)) return { kind: 'text', text: alt };
  const src = safeImage(source);
  if (src !== null) {
    const isTold = alt === '' && isBeacon(element, src);
    return isTold ? { kind: 'link', href: src, text: src } : { kind: 'image', src, alt };
  }
  const href = safeLink(source);
  return href?.startsWith('http:') === true
    ? { kind: 'link', href, text: alt === '' ? href : alt }
    : { kind: 'text', text: alt };
}

/** An image where only inline text can stand: a link with its alternative text. */
export function imageRuns(element: DomElement, marks: readonly Mark[]): Run[] {
  const image = imageOf(element);
  if (image.kind === 'text') return label(image.text, marks);
  const [href, text] = image.kind === 'image' ? [image.src, image.alt] : [image.href, image.text];
  const isLinked = marks.some((mark) => mark.tag === 'a');
  return label(text, isLinked ? marks : [...marks, linkMark(href)]);
}

const MATHML = /^(?:(?!main$)m[a-z]+|semantics|annotation(?:-xml)?|none)$/;

/** A `<math>` of MathML alone; one with anything else in it is read like any other element. */
function isFormula(element: DomElement): boolean {
  if (tagOf(element) !== 'math' || isMixed(element)) return false;
  return findElement(element, (inner) => !MATHML.test(tagOf(inner))) === null;
}

/** A rendered formula carries the same twice: as MathML, and as glyphs for the eye. */
function renderedFormula(element: DomElement): DomElement | null {
  const classes = classesOf(element);
  const isWrapper =
    classes.includes('katex') ||
    classes.includes('mathjax') ||
    classes.includes('mwe-math-element') ||
    tagOf(element) === 'mjx-container';
  return isWrapper ? findElement(element, isFormula) : null;
}

/** The runs of a leaf; null for an element that is none. */
export function leafRuns(element: DomElement, marks: readonly Mark[]): Run[] | null {
  const formula = renderedFormula(element);
  if (formula !== null) return mathRuns(formula, marks);
  switch (tagOf(element)) {
    case 'br':
      return [{ kind: 'break', marks }];
    case 'wbr':
      return [];
    case 'img':
      return imageRuns(element, marks);
    case 'input':
      return inputRuns(element, marks);
    case 'math':
      return isFormula(element) ? mathRuns(element, marks) : null;
    case 'svg':
      return isMixed(element) ? null : drawingRuns(element, marks);
    default:
      return null;
  }
}
