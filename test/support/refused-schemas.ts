/** Projects whose own tables planline cannot work with, and what the migrations say of them. */

export const leadsWith = (columns: string): string =>
  `create table public.junior_leads (id uuid primary key, ${columns});`;

export const REFUSED_SCHEMAS: readonly {
  readonly what: string;
  readonly sql: string;
  readonly says: RegExp;
}[] = [
  {
    what: 'a status that is an enum',
    sql: `create type public.lead_status as enum ('new', 'flagged');
              ${leadsWith("status public.lead_status not null default 'new'")}`,
    says: /status of type text, found lead_status\. Change it first: alter table/,
  },
  {
    what: 'an id of another type',
    sql: 'create table public.junior_leads (id numeric primary key, status text)',
    says: /junior_leads\.id of type uuid or bigint, found numeric/,
  },
  {
    what: 'leads without a primary key',
    sql: 'create table public.junior_leads (id bigint not null unique, status text)',
    says: /alter table public\.junior_leads add primary key/,
  },
  {
    what: 'leads whose id comes twice',
    sql: 'create table public.junior_leads (id bigint, office bigint, primary key (id, office))',
    says: /create unique index on public\.junior_leads \(id\)/,
  },
  {
    what: 'a column of another type',
    sql: leadsWith('status text, retry_count text'),
    says: /junior_leads\.retry_count is text, integer is needed/,
  },
  {
    what: 'a check that does not know the statuses',
    sql: leadsWith("status text constraint known_status check (status in ('new', 'flagged'))"),
    says: /known_status.*Allow flagged, processing/,
  },
  {
    what: 'pages that are numbered twice',
    sql: `create table public.client_learning_pages (client_id uuid, page_index integer);
              insert into public.client_learning_pages
              select '00000000-0000-4000-8000-000000000001', 1 from generate_series(1, 2)`,
    says: /same client_id and page_index\. Number the pages/,
  },
  {
    what: 'pages with a column that planline cannot fill',
    sql: 'create table public.client_learning_pages (client_id uuid, author text not null)',
    says: /NOT NULL without a default: author\. Give them a default/,
  },
  {
    what: 'pages without their client',
    sql: 'create table public.client_learning_pages (learner uuid)',
    says: /no column client_id/,
  },
];
