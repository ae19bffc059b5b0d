/** What a contender's process says of its one run. */
export type Measured = {
  /** How many invitations it looked at. */
  readonly invitations: number;
  readonly milliseconds: number;
  /** By how much the process's peak of resident memory grew. */
  readonly growthBytes: number;
};

/** Goes through the list at an endpoint, and says how many invitations there were. */
export type Contender = (endpoint: string) => Promise<number>;

/** Runs a contender, the only one of its process, and tells the process that started it. */
export async function measure(contender: Contender): Promise<void> {
  const [, , endpoint = ""] = process.argv;
  const baselineKibibytes = process.resourceUsage().maxRSS;
  const startedAt = performance.now();
  const invitations = await contender(endpoint);
  const measured: Measured = {
    invitations,
    milliseconds: performance.now() - startedAt,
    growthBytes: (process.resourceUsage().maxRSS - baselineKibibytes) * 1024,
  };
  process.send?.(measured, () => process.disconnect());
}
