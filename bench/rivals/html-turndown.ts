/** turndown turns the same pages into Markdown. */
import { readFileSync } from 'node:fs';
import TurndownService from 'turndown';
import { answer, asked, timed } from './answer.ts';

const { corpus } = asked() as { corpus: string };
const pages = JSON.parse(readFileSync(corpus, 'utf8')) as string[];
const service = new TurndownService();
let converted = 0;
const passMs = await timed(2, () => {
  converted = 0;
  for (const html of pages) if (service.turndown(html) !== '') converted += 1;
});
answer({ passMs, converted });
