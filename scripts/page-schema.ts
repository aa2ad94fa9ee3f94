/** Writes docs/page.schema.json, the published format of a page, from its zod source. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageJsonSchema } from '../src/core/page-schema.ts';

writeFileSync(
  join(import.meta.dirname, '..', 'docs', 'page.schema.json'),
  `${JSON.stringify(pageJsonSchema(), null, 2)}\n`,
);
