/** What a journal answers that lets everything be sent, and does nothing about a failure. */
export const LENIENT = {
  begin: () => Promise.resolve(),
  failed: () => Promise.resolve(),
};
