/** Why a prompt's phase has to begin again. Never leaves the driver. */

export type Disturbance =
  /** The pointer is not where we left it. */
  | 'pointer_moved'
  /** Another window is in front. */
  | 'other_window'
  /** What came back from the composer or the clipboard is not what we put there. */
  | 'other_text'
  /** The helper process ended or hung. */
  | 'helper_lost';

export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly disturbance: Disturbance;

  constructor(disturbance: Disturbance, options: { cause?: unknown } = {}) {
    super(`Interrupted: ${disturbance}`, options);
    this.disturbance = disturbance;
  }
}
