/**
 * What a hosted Supabase project has before its first migration, as far as planline relies on it.
 * Idempotent. Like new hosted projects it grants nothing on tables to come.
 */
const ROLES = [
  { name: 'anon', attributes: 'nologin noinherit' },
  { name: 'authenticated', attributes: 'nologin noinherit' },
  { name: 'service_role', attributes: 'nologin noinherit bypassrls' },
] as const;

const API_ROLES = ROLES.map((role) => role.name).join(', ');

const createRoles = ROLES.map(
  ({ name, attributes }) => `
  if not exists (select from pg_catalog.pg_roles where rolname = '${name}') then
    create role ${name} ${attributes};
  end if;`,
).join('');

/** Roles belong to the whole server, so this runs once for all its databases. */
export const HOSTED_ROLES_SQL = `do $$ begin${createRoles}\nend $$;`;

/** Runs in each database. */
export const HOSTED_DATABASE_SQL = `
revoke create on schema public from public;
grant usage on schema public to ${API_ROLES};
do $$ begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end $$;`;
