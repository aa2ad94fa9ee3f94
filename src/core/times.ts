/** Instants for people, all in the operator's time zone, which stands beside them. */

export interface Times {
  /** `Europe/Bratislava`, for the head of a column of times. */
  readonly zone: string;
  /** `2026-11-24 18:07:18`, below such a head. */
  text(ms: number): string;
  /** `2026-11-24 18:07:18 CET`. */
  withZone(ms: number): string;
}

/** Of an IANA zone such as `Europe/Bratislava`. */
export function timesIn(zone: string): Times {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: zone,
  });
  const named = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short', timeZone: zone });
  const nameAt = (ms: number): string =>
    named.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return {
    zone,
    text: (ms) => format.format(ms),
    withZone: (ms) => `${format.format(ms)} ${nameAt(ms)}`,
  };
}
