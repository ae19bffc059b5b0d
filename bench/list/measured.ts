/** What a contender's process says of its one run. */
export type Measured = {
  /** How many invitations it came by, and the length of their ids: that it did the work. */
  readonly invitations: number;
  readonly idCharacters: number;
  readonly milliseconds: number;
  /** By how much the process's peak of resident memory grew. */
  readonly growthBytes: number;
};

/** Reads the list at an endpoint, calling `take` with the id of every invitation. */
export type Contender = (endpoint: string, take: (id: string) => void) => Promise<void>;

/** Runs a contender, the only one of its process, and tells the process that started it. */
export async function measure(contender: Contender): Promise<void> {
  const [, , endpoint = ""] = process.argv;
  let invitations = 0;
  let idCharacters = 0;
  const baselineKibibytes = process.resourceUsage().maxRSS;
  const startedAt = performance.now();
  await contender(endpoint, (id) => {
    invitations++;
    idCharacters += id.length;
  });
  const measured: Measured = {
    invitations,
    idCharacters,
    milliseconds: performance.now() - startedAt,
    growthBytes: (process.resourceUsage().maxRSS - baselineKibibytes) * 1024,
  };
  process.send?.(measured);
}
