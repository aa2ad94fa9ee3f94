/** Entry of the helper process: the only one that loads nut-js, which may take its process down. */

// Ctrl-C and a closing terminal reach the whole process group; it is the driver that stops this
// process, after it has put the clipboard back. Set before anything slow is loaded.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

const { runHelper } = await import('./helper-process.ts');
runHelper();
