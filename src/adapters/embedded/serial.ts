/** Runs tasks one after another: PGlite has a single session, which requests must not share. */
export interface Serial {
  <T>(task: () => Promise<T>): Promise<T>;
}

export function createSerial(): Serial {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    // A failure belongs to the caller of that task; the next one runs all the same.
    tail = result.catch(() => undefined);
    return result;
  };
}
