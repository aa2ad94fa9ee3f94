/** MathML as inline text: superscripts and subscripts as such, fractions with a slash. */
import { attribute, childrenOf, isElement, isHidden, tagOf, textOf } from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { markFor } from './inline.ts';
import type { Mark, Run } from './inline.ts';

function elementsOf(node: DomElement): DomElement[] {
  return childrenOf(node).filter((child) => isElement(child) && !isHidden(child)) as DomElement[];
}

function literal(text: string, marks: readonly Mark[]): Run {
  return { kind: 'text', text, marks };
}

/** A base and what stands above or below it. */
function script(element: DomElement, marks: readonly Mark[], tags: readonly string[]): Run[] {
  const [base, ...scripts] = elementsOf(element);
  return [
    ...(base === undefined ? [] : mathRuns(base, marks)),
    ...scripts.flatMap((child, index) =>
      mathRuns(child, [...marks, markFor(tags[index] ?? 'sup')]),
    ),
  ];
}

function grouped(element: DomElement | undefined, marks: readonly Mark[]): Run[] {
  if (element === undefined) return [];
  const runs = mathRuns(element, marks);
  const isLong = runs.length > 1;
  return isLong ? [literal('(', marks), ...runs, literal(')', marks)] : runs;
}

/** How many parts an element has that lays them out; with others, or with text, it is a row. */
const PARTS: Readonly<Record<string, number>> = {
  msup: 2,
  mover: 2,
  msub: 2,
  munder: 2,
  msubsup: 3,
  munderover: 3,
  mfrac: 2,
  mroot: 2,
};

function hasParts(element: DomElement, count: number): boolean {
  const wanted = PARTS[tagOf(element)];
  const hasText = childrenOf(element).some((child) => (textOf(child) ?? '').trim() !== '');
  return wanted === undefined || (wanted === count && !hasText);
}

/** The visible text of a formula; its source in an annotation is the same once more. */
export function mathRuns(node: DomNode, marks: readonly Mark[]): Run[] {
  const text = textOf(node);
  if (text !== null) return text.trim() === '' ? [] : [literal(text.trim(), marks)];
  if (!isElement(node) || isHidden(node)) return [];
  const inner = elementsOf(node);
  switch (hasParts(node, inner.length) ? tagOf(node) : 'mrow') {
    case 'msup':
    case 'mover':
      return script(node, marks, ['sup']);
    case 'msub':
    case 'munder':
      return script(node, marks, ['sub']);
    case 'msubsup':
    case 'munderover':
      return script(node, marks, ['sub', 'sup']);
    case 'mfrac':
      return [...grouped(inner[0], marks), literal('/', marks), ...grouped(inner[1], marks)];
    case 'msqrt':
      return [literal('√(', marks), ...children(node, marks), literal(')', marks)];
    case 'mroot':
      return [
        literal('√(', marks),
        ...grouped(inner[0], marks),
        literal('; ', marks),
        ...grouped(inner[1], marks),
        literal(')', marks),
      ];
    case 'mtr':
      return [...children(node, marks), literal('; ', marks)];
    case 'mtd':
    case 'mspace':
      return [...children(node, marks), literal(' ', marks)];
    case 'mo':
      return spacedOperator(children(node, marks), attribute(node, 'form'));
    default:
      return children(node, marks);
  }
}

/** Relations and sums stand apart from what they join. */
function spacedOperator(runs: Run[], form: string | null): Run[] {
  const [only] = runs;
  if (form === 'prefix' || only?.kind !== 'text' || !/^[=+<>≤≥≠≈→⇒±∈]$/u.test(only.text))
    return runs;
  return [{ ...only, text: ` ${only.text} ` }];
}

function children(node: DomElement, marks: readonly Mark[]): Run[] {
  return childrenOf(node).flatMap((child) => mathRuns(child, marks));
}
