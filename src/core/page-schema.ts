/** The format of a page for programs in other languages: JSON Schema, made from the zod source. */
import { z } from 'zod';
import { page } from './page.ts';

/** JSON Schema, draft 2020-12, of `parthtml<n>.json` and `client_learning_pages.content`. */
export function pageJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(page, { target: 'draft-2020-12', io: 'output' });
  return {
    $schema,
    title: 'planline page, schema 1',
    description:
      'One learning page: transformed/parthtml<n>.json and client_learning_pages.content. `html` ' +
      'holds inline elements only (a, abbr, bdi, bdo, br, cite, code, del, dfn, em, ins, kbd, mark, ' +
      'q, rp, rt, ruby, s, samp, small, strong, sub, sup, u, var), links only to http, https and ' +
      'mailto; `text` is the same without markup, with \\n for a line break. All other texts are plain.',
    ...schema,
  };
}
