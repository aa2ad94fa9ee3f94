/** Lower case, without accents, one kind of space and apostrophe, `p.m.` as `pm`: for reading notices. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc`]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/\b([ap])\. ?m\b\.?/g, '$1m')
    .trim();
}
