const DURATION = /^P(?:(\d+)W|(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/;

const SECONDS = { week: 604_800, day: 86_400, hour: 3_600, minute: 60 } as const;

/**
 * Reads an ISO 8601 duration of fixed length, such as `P7D`, `PT36H` or `P1W`.
 *
 * Years and months are refused: they differ in length, and an expiry should not.
 *
 * @returns the duration in whole seconds, or `undefined` when the text is no such duration.
 */
export function parseDurationSeconds(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === "P") return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const total =
    (weeks ?? 0) * SECONDS.week +
    (days ?? 0) * SECONDS.day +
    (hours ?? 0) * SECONDS.hour +
    (minutes ?? 0) * SECONDS.minute +
    (seconds ?? 0);
  return Number.isSafeInteger(total) ? total : undefined;
}
