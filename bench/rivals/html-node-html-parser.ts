/**
 * node-html-parser reads the same pages, and a walk makes JSON of tags, links and texts. It drops nothing
 * that acts, merges no white space and knows no structure: the least that a conversion can be.
 */
import { readFileSync } from 'node:fs';
import { HTMLElement, parse, TextNode, type Node } from 'node-html-parser';
import { answer, asked, timed } from './answer.ts';

type Tree = string | { tag: string; href?: string; children: Tree[] };

function treeOf(node: Node): Tree[] {
  if (node instanceof TextNode) return node.isWhitespace ? [] : [node.text];
  if (!(node instanceof HTMLElement)) return [];
  const href = node.getAttribute('href');
  const children = node.childNodes.flatMap(treeOf);
  return [{ tag: node.rawTagName, ...(href === undefined ? {} : { href }), children }];
}

const { corpus } = asked() as { corpus: string };
const pages = JSON.parse(readFileSync(corpus, 'utf8')) as string[];
let converted = 0;
const passMs = await timed(2, () => {
  converted = 0;
  for (const html of pages) if (JSON.stringify(treeOf(parse(html))) !== '[]') converted += 1;
});
answer({ passMs, converted });
