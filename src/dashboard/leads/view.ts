/** What the list is asked to show, out of its address and back. Pure. */
import type { LeadCursor, LeadQuery, LeadSort } from '../../ports-dashboard.ts';

export const PAGE_SIZE = 50;

export interface ListView {
  readonly text: string;
  readonly status: string | null;
  readonly sort: LeadSort;
  readonly isDescending: boolean;
  /** Where the page begins, or, going back, ends; null for the first page. */
  readonly from: { readonly cursor: LeadCursor; readonly isBack: boolean } | null;
}

export const ORDERS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'changed', text: 'Latest change first' },
  { name: 'changed-asc', text: 'Oldest change first' },
  { name: 'started', text: 'Latest start first' },
  { name: 'started-asc', text: 'Oldest start first' },
];

function cursorOf(text: string | null): LeadCursor | null {
  const cut = text?.indexOf('~') ?? -1;
  return text === null || cut < 1 ? null : { key: text.slice(0, cut), id: text.slice(cut + 1) };
}

export function viewOf(params: URLSearchParams): ListView {
  const order = params.get('sort') ?? '';
  const after = cursorOf(params.get('after'));
  const before = cursorOf(params.get('before'));
  return {
    text: (params.get('q') ?? '').trim(),
    status: params.get('status'),
    sort: order.startsWith('started') ? 'started' : 'changed',
    isDescending: !order.endsWith('-asc'),
    from:
      before === null
        ? after && { cursor: after, isBack: false }
        : { cursor: before, isBack: true },
  };
}

/** Going back reads the other way round, from the first row of the page that is left. */
export function queryOf(view: ListView): LeadQuery {
  const isBack = view.from?.isBack === true;
  return {
    text: view.text,
    status: view.status,
    sort: view.sort,
    isDescending: view.isDescending !== isBack,
    after: view.from?.cursor ?? null,
    limit: PAGE_SIZE + 1,
  };
}

export function orderName({ sort, isDescending }: ListView): string {
  return isDescending ? sort : `${sort}-asc`;
}

/** The address of this list; another search, filter or order begins at its first page. */
export function hrefOf(view: ListView): string {
  const params = new URLSearchParams();
  if (view.text !== '') params.set('q', view.text);
  if (view.status !== null) params.set('status', view.status);
  if (orderName(view) !== 'changed') params.set('sort', orderName(view));
  if (view.from !== null) {
    const { cursor, isBack } = view.from;
    params.set(isBack ? 'before' : 'after', `${cursor.key}~${cursor.id}`);
  }
  const query = params.toString();
  return query === '' ? '/leads' : `/leads?${query}`;
}

export interface ListPage<T> {
  readonly rows: readonly T[];
  /** Null where there is nothing more. */
  readonly previous: string | null;
  readonly next: string | null;
}

/** What was read for `queryOf(view)`, in the order that is shown, and the ways on from it. */
export function pageOf<T extends { readonly cursor: LeadCursor }>(
  view: ListView,
  read: readonly T[],
): ListPage<T> {
  const isBack = view.from?.isBack === true;
  const isMore = read.length > PAGE_SIZE;
  const some = read.slice(0, PAGE_SIZE);
  const rows = isBack ? some.toReversed() : some;
  const link = (row: T | undefined, back: boolean): string | null =>
    row === undefined ? null : hrefOf({ ...view, from: { cursor: row.cursor, isBack: back } });
  return {
    rows,
    previous: (isBack ? isMore : view.from !== null) ? link(rows[0], true) : null,
    next: (isBack ? true : isMore) ? link(rows.at(-1), false) : null,
  };
}
