/** What this planline needs to find in the database, apart from the tables' own columns. */

/** The newest migration, as planline_info tells of it. */
export const SCHEMA_VERSION = 20_261_126_100_000;

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

const GRANTS: Readonly<Record<string, readonly Privilege[]>> = {
  junior_leads: ['SELECT', 'INSERT', 'UPDATE'],
  client_learning_pages: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  client_learning_pages_history: ['SELECT', 'DELETE'],
  pipeline_events: ['SELECT', 'INSERT'],
  pipeline_artifacts: ['SELECT', 'INSERT', 'DELETE'],
  pipeline_notifications: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

/**
 * As planline_lacks takes it. Functions that others call are here too: they run with the rights of the
 * daemon's key.
 */
export const WANTED = {
  grants: Object.entries(GRANTS).flatMap(([table, privileges]) =>
    privileges.map((privilege) => `${table} ${privilege}`),
  ),
  triggers: [
    'junior_leads.planline_guard',
    'junior_leads.planline_hand_edit',
    'client_learning_pages.planline_keep_page',
    'client_learning_pages_history.planline_history_kept',
    'client_learning_pages_history.planline_history_no_truncate',
    'pipeline_events.planline_append_only',
    'pipeline_events.planline_no_truncate',
  ],
  functions: [
    'planline_claim',
    'planline_renew',
    'planline_release',
    'planline_put_pages',
    'planline_append',
    'planline_outbox_take_next',
    'planline_outbox_finish',
    'planline_record',
    'planline_sha256',
    'planline_utc',
    'planline_event_hash',
    'planline_is_ending',
    'planline_stream_ids',
    'planline_artifact_sums',
    'planline_put_artifacts',
    'planline_insert_lead',
    'planline_description_facts',
    'planline_restore',
    'planline_change_mark',
    'planline_charts',
    'planline_lead_counts',
    'planline_leads',
    'planline_leads_sql',
    'planline_lead_words',
    'planline_lead_query',
    'planline_move',
    'planline_overview',
    'planline_erase',
    'planline_erase_row',
    'planline_erased_ids',
    'planline_prune',
  ],
} as const;
