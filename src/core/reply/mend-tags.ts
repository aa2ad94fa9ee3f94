/** Tags that an editor or a clipboard spoilt: quotes made typographic, spaces made no-break ones. */

const TAG = /<\/?[a-z][a-z0-9]*(?=[\s>/])[^<>]{0,2000}>/gi;
const ODD_SPACE = /[\u00A0\u2000-\u200A\u202F\u3000]/g;
/** Quotes as they stand around an attribute's value; inside the value they are text. */
const ODD_QUOTES = /=\s*[“”„‟″«»]([^"“”„‟″«»<>]*)[“”„‟″«»](?=[\s/>])/g;

/** What stands between plain quotes is an attribute's value and stays as it is. */
function mendTag(tag: string): string {
  return tag
    .split(/("[^"]*"|'[^']*')/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(ODD_QUOTES, '="$1"').replace(ODD_SPACE, ' '),
    )
    .join('');
}

/** The same HTML with quotes and spaces in tags as HTML has them; text between tags is untouched. */
export function mendTags(html: string): string {
  return html.replace(TAG, mendTag);
}
