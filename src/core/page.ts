/** The page JSON: `transformed/parthtml<n>.json`, then `client_learning_pages.content`. Schema 1. */
import { z } from 'zod';

/** Inline HTML that holds only safe inline elements, and the same as plain text. */
const inline = {
  html: z.string().describe('Inline HTML: safe elements only.'),
  text: z.string().describe('The same without markup; \\n is a line break.'),
};

export interface ListItem {
  html: string;
  text: string;
  /** Are the items below numbered? Only with `items`. */
  ordered?: boolean | undefined;
  items?: ListItem[] | undefined;
}
const listItem: z.ZodType<ListItem> = z
  .object({
    ...inline,
    ordered: z.boolean().optional().describe('Are the items below numbered?'),
    get items() {
      return z.array(listItem).optional();
    },
  })
  .meta({ id: 'list_item' });

const paragraph = z.object({ type: z.literal('paragraph'), ...inline });
const list = z.object({
  type: z.literal('list'),
  ordered: z.boolean(),
  /** The first number of an ordered list that goes on from another. */
  start: z.int().nonnegative().optional(),
  items: z.array(listItem),
});
const code = z.object({
  type: z.literal('code'),
  language: z.string().nullable(),
  text: z.string(),
});
const table = z.object({
  type: z.literal('table'),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  /** The same cells as inline HTML; only where a cell holds a link or other marks. */
  html: z.object({ header: z.array(z.string()), rows: z.array(z.array(z.string())) }).optional(),
});
export type TableBlock = z.infer<typeof table>;
const quote = z.object({ type: z.literal('quote'), ...inline });
const callout = z.object({ type: z.literal('callout'), kind: z.string(), ...inline });
const image = z.object({ type: z.literal('image'), src: z.string(), alt: z.string() });
const definition = z.object({
  type: z.literal('definition'),
  items: z.array(z.object({ term: z.string(), ...inline })),
});
export type DefinitionBlock = z.infer<typeof definition>;

export type DetailsBlock = { type: 'details'; summary: string; blocks: Block[] };
export type Block =
  | z.infer<typeof paragraph>
  | z.infer<typeof list>
  | z.infer<typeof code>
  | TableBlock
  | z.infer<typeof quote>
  | z.infer<typeof callout>
  | z.infer<typeof image>
  | DefinitionBlock
  | DetailsBlock;

const block: z.ZodType<Block> = z
  .lazy(() =>
    z.discriminatedUnion('type', [
      paragraph,
      list,
      code,
      table,
      quote,
      callout,
      image,
      definition,
      z.object({ type: z.literal('details'), summary: z.string(), blocks: z.array(block) }),
    ]),
  )
  .meta({ id: 'block' });

export const section = z.object({
  heading: z.string().nullable(),
  level: z.int().min(1).max(6).nullable(),
  blocks: z.array(block),
});
export type Section = z.infer<typeof section>;

export const page = z.object({
  schema: z.literal(1),
  page_index: z.int().positive(),
  title: z.string().min(1),
  language: z.string().nullable(),
  sections: z.array(section),
});
export type Page = z.infer<typeof page>;
