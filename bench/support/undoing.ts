/** Undone last in, first out; all of it, whatever fails. */
export function undoing() {
  const steps: (() => Promise<unknown>)[] = [];
  return {
    add: (step: () => Promise<unknown>) => void steps.push(step),
    async all(): Promise<void> {
      const failures: unknown[] = [];
      for (const step of steps.splice(0).toReversed()) {
        await step().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0)
        throw new AggregateError(failures, 'Not all of it could be stopped.');
    },
  };
}
