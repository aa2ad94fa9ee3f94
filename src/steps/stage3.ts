/** The sixth step: the model turns each lesson into HTML; here its reply is judged. */
import { extractHtml } from '../core/reply/extract-html.ts';
import { refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { htmlToPage } from './html-to-json.ts';

/** The page's HTML out of a reply: complete, and with something to see on it. */
export function checkHtmlReply(reply: string): Result<string> {
  const html = extractHtml(reply);
  if (!html.ok) return html;
  const page = htmlToPage(html.value, { pageIndex: 1, language: null });
  if (!page.ok) return page;
  const { sections } = page.value;
  return sections.some((section) => section.blocks.length > 0)
    ? html
    : refuse('the HTML page has headings but no content below them');
}
