/** One thing that cleaning did; what was there and what is there now, so that nothing is silent. */
export interface Change {
  /** Where in the page as it stood at that moment, such as `sections[2].blocks[0]`. */
  readonly path: string;
  readonly kind:
    | 'emphasis'
    | 'code'
    | 'link'
    | 'box'
    | 'heading'
    | 'list'
    | 'code_block'
    | 'table'
    | 'quote'
    | 'rule_removed'
    | 'fence_removed'
    | 'marker_removed'
    | 'chatter_removed';
  readonly before: string;
  /** Empty when it was removed. */
  readonly after: string;
}
