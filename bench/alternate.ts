/** What is measured beside others: it runs once and says what the run took. */
export type Turn<Measured> = { readonly name: string; readonly run: () => Promise<Measured> };

/**
 * Runs the contenders in turn, round after round, so that whatever else the machine does meets all of
 * them. Every other round runs backwards: none always follows the same one.
 *
 * @param options.warmUps rounds whose results are not kept.
 * @returns the kept results by name, in order.
 */
export async function alternate<Measured>(
  turns: readonly Turn<Measured>[],
  options: { readonly rounds: number; readonly warmUps: number },
): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const results = new Map(turns.map(({ name }) => [name, [] as Measured[]]));
  for (let round = -options.warmUps; round < options.rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? turns : turns.toReversed()) {
      const measured = await run();
      if (round >= 0) results.get(name)?.push(measured);
    }
  }
  return results;
}

/** The middle value; of an even number the mean of the two in the middle. `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
