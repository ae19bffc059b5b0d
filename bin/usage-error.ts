/** The user asked for something that cannot be done as asked: nothing was changed. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The AWS SDK finds no region: neither --region nor the environment names one. */
export const isRegionMissing = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("Region is missing");
