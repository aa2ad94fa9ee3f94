/** Calls on one file, one after another: an append and a repair must not meet. */
export type InTurn = <T>(path: string, act: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  const tails = new Map<string, Promise<void>>();
  return (path, act) => {
    const turn = (tails.get(path) ?? Promise.resolve()).then(act);
    // The caller gets the error by `turn`; who waits behind only needs to know that it is over.
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    tails.set(path, over);
    void over.then(() => {
      if (tails.get(path) === over) tails.delete(path);
    });
    return turn;
  };
}
