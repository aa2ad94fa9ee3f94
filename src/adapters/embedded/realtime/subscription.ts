/** What one joined channel wants to hear. */
import { ok, refuse, type Result } from '../../../core/result.ts';
import { parseFilter, passes, type Filter } from './filter.ts';
import type { Binding, RowChange } from './protocol.ts';
import type { PublishedTable } from './triggers.ts';

interface Wish {
  readonly id: number;
  readonly event: Binding['event'];
  readonly schema: string;
  /** Null for every table of the schema. */
  readonly table: string | null;
  readonly filter: Filter;
}

export interface Subscription {
  readonly wishes: readonly Wish[];
}

/** Refused when a table is not published or a filter cannot be evaluated. */
export function subscribe(
  bindings: readonly (Binding & { id: number })[],
  published: readonly PublishedTable[],
): Result<Subscription> {
  const wishes: Wish[] = [];
  for (const binding of bindings) {
    const wish = toWish(binding, published);
    if (!wish.ok) return wish;
    wishes.push(wish.value);
  }
  return ok({ wishes });
}

/** The ids of the bindings that a change answers; empty when it is not for this channel. */
export function idsFor(subscription: Subscription, change: RowChange): number[] {
  return subscription.wishes.filter((wish) => answers(change, wish)).map(({ id }) => id);
}

function toWish(
  binding: Binding & { id: number },
  published: readonly PublishedTable[],
): Result<Wish> {
  const schema = binding.schema ?? 'public';
  const table = binding.table === '*' ? null : (binding.table ?? null);
  const covered = published.find((one) => covers({ schema, table }, one));
  if (covered === undefined) {
    return refuse(
      'Unable to subscribe to changes with given parameters. ' +
        `Table ${table ?? '*'} of schema ${schema} is not in publication supabase_realtime.`,
    );
  }
  const text = binding.filter ?? '';
  const columns = covered.columns.map(({ name }) => name);
  const filter = text === '' ? ok([]) : parseFilter(text, columns);
  if (!filter.ok) return filter;
  return ok({ id: binding.id, event: binding.event, schema, table, filter: filter.value });
}

function covers(
  wish: { schema: string; table: string | null },
  subject: { schema: string; table: string },
): boolean {
  const schemaFits = wish.schema === '*' || wish.schema === subject.schema;
  return schemaFits && (wish.table === null || wish.table === subject.table);
}

function answers(change: RowChange, wish: Wish): boolean {
  if (!covers(wish, change)) return false;
  if (wish.event !== '*' && wish.event !== change.type) return false;
  const record = change.type === 'DELETE' ? change.old_record : change.record;
  // A change without any value was too large to report: one event too many beats a lost one.
  return Object.keys(record).length === 0 || passes(wish.filter, record);
}
