/**
 * The page's markup as evidence: what was shown, without what is nobody's business. Other conversations,
 * the account, scripts and anything that could open a session go; this conversation's text stays.
 */
import { load } from 'cheerio';
import { scrubPersonalPatterns, scrubSecretPatterns } from '../../../core/scrub-patterns.ts';
import { SURROUNDINGS } from './generations/index.ts';

/** Also where the account is shown outside the sidebar. */
export const PRIVATE_PARTS = `${SURROUNDINGS.sidebar}, [data-testid*="profile"], [data-testid*="account"]`;

const UNSEEN =
  'script, noscript, template, link, meta, base, iframe, object, embed, source, input[type="hidden"]';
/** What a selector may need, and what says nothing. */
const KEPT_ATTRIBUTE =
  /^(?:id|class|role|type|name|lang|dir|title|alt|hidden|disabled|contenteditable|data-.*|aria-.*)$/;
const TEXT = 3;
const COMMENT = 8;
const TOKEN = /\b[A-Za-z0-9_-]{40,}\b/g;

/** Each word of an account's name too, as a page greets by the first. */
export function partsOfNames(names: Iterable<string>): string[] {
  const whole = [...names];
  const parts = whole.concat(whole.flatMap((name) => name.split(/\s+/)));
  const long = [...new Set(parts)].filter((part) => part.length > 2);
  return long.toSorted((a, b) => b.length - a.length);
}

/** `names` are the account's name and e-mail address. */
export function scrubPage(html: string, names: Iterable<string>): string {
  const parts = partsOfNames(names);
  const clean = (text: string): string => {
    const nameless = parts.reduce((rest, part) => rest.replaceAll(part, '[account]'), text);
    return scrubPersonalPatterns(scrubSecretPatterns(nameless));
  };
  const $ = load(html);
  $(UNSEEN).remove();
  $(PRIVATE_PARTS).replaceWith('<div data-left-out="conversations, account"></div>');
  $('*').each((_, element) => {
    for (const [name, value] of Object.entries($(element).attr() ?? {})) {
      if (!KEPT_ATTRIBUTE.test(name)) $(element).removeAttr(name);
      else $(element).attr(name, clean(value).replace(TOKEN, '[token]'));
    }
  });
  $('*')
    .contents()
    .each((_, node) => {
      if (node.nodeType === COMMENT) $(node).remove();
      else if (node.nodeType === TEXT && 'data' in node) node.data = clean(node.data);
    });
  return $.html();
}
