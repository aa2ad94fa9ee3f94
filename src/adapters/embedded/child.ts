/** Entry of the embedded Supabase's own process. */

// Ctrl-C and a closing terminal reach the whole process group; it is the daemon that stops this
// process, after it has given its leads back. Set before anything slow is loaded.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

const { runChild } = await import('./child-process.ts');
runChild();
