/** A daemon in miniature: starts the embedded Supabase and tells its parent where. Argument: home. */
import { startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { PROBE_MIGRATIONS } from './probe-migrations.ts';
import { recordingLog } from './recording-log.ts';

// Ctrl-C reaches the whole group; this parent stays, as the daemon does while it gives leads back.
process.on('SIGINT', () => process.send?.({ interrupted: true }));

const embedded = await startEmbedded({
  home: process.argv[2] ?? '',
  migrationsDir: PROBE_MIGRATIONS,
  log: recordingLog(),
});
process.send?.({ url: embedded.url, secretKey: embedded.secretKey });
