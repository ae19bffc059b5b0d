/** The user asked for something that cannot be done as asked: nothing was changed. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
