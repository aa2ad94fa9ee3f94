/**
 * What is run in the page. The functions of this folder go there as text: each may use its arguments and
 * what a page has, but nothing else of its module. So none is imported by another but as a type.
 */
import { GENERATIONS, SURROUNDINGS } from '../generations/index.ts';
import { createActs } from './act.ts';
import { createCopier } from './copy.ts';
import { createFinders, type PageKnowledge } from './find.ts';
import { createInspectors } from './inspect.ts';
import { createReaders } from './read.ts';

type Calls = ReturnType<typeof createReaders> &
  ReturnType<typeof createInspectors> &
  ReturnType<typeof createActs> &
  ReturnType<typeof createCopier>;

export type PageCall = keyof Calls;
export type ArgumentOf<C extends PageCall> = Parameters<Calls[C]>[0];

const KNOWLEDGE: PageKnowledge = { generations: GENERATIONS, surroundings: SURROUNDINGS };

const PRELUDE = `
const find = (${String(createFinders)})(${JSON.stringify(KNOWLEDGE)});
const calls = {
  ...(${String(createReaders)})(find),
  ...(${String(createInspectors)})(find),
  ...(${String(createActs)})(find),
  ...(${String(createCopier)})(find),
};`;

/** An expression for the page, whose value is the call's answer or a promise of it. */
export function expressionOf<C extends PageCall>(call: C, argument: ArgumentOf<C>): string {
  const given = argument === undefined ? '' : JSON.stringify(argument);
  return `(() => {${PRELUDE}\nreturn calls[${JSON.stringify(call)}](${given});\n})()`;
}
