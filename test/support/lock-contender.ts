/** A process that takes and releases locks on order. Orders: { take: path } and { release: true }. */
import { z } from 'zod';
import { messageOf } from '../../src/core/errors.ts';
import { acquireLock, type Lock } from '../../src/adapters/disk/process-lock.ts';

const order = z.union([z.object({ take: z.string() }), z.object({ release: z.literal(true) })]);
let lock: Lock | undefined;

async function obey(message: unknown): Promise<void> {
  const wanted = order.parse(message);
  if ('take' in wanted) {
    lock = await acquireLock(wanted.take, { purpose: 'a contender' });
  } else {
    await lock?.release();
    lock = undefined;
  }
}

process.on('message', (message) => {
  obey(message).then(
    () => process.send?.({ held: lock !== undefined }),
    (error: unknown) => process.send?.({ held: false, refused: messageOf(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
