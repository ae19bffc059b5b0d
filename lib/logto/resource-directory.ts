import type { LogtoClient } from "./client.ts";
import { createDirectory, type Directory } from "./directory.ts";
import type { Resource } from "./lookups.ts";

/** Finds API resources by their indicators, and scopes by their names. */
export type ResourceDirectory = Pick<Directory<Resource>, "forget"> & {
  /** The id of the resource with this indicator. */
  readonly findResource: (indicator: string, logto: LogtoClient) => Promise<string | undefined>;
  /** The id of this scope of the resource with this indicator. */
  readonly findScope: (
    indicator: string,
    scope: string,
    logto: LogtoClient,
  ) => Promise<string | undefined>;
};

/**
 * Keeps the tenant's API resources with their scopes in memory; a read is one call.
 *
 * @param ttlMs how long a read is used.
 * @param now epoch milliseconds.
 */
export function createResourceDirectory(
  ttlMs: number,
  now: () => number = Date.now,
): ResourceDirectory {
  const { find, forget } = createDirectory(
    (logto) => Array.fromAsync(logto.resources.list()),
    ttlMs,
    now,
  );
  const withIndicator = (resources: readonly Resource[], wanted: string): Resource | undefined =>
    resources.find(({ indicator }) => indicator === wanted);
  return {
    findResource: (indicator, logto) =>
      find((resources) => withIndicator(resources, indicator)?.id, logto),
    findScope: (indicator, scope, logto) =>
      find(
        (resources) =>
          withIndicator(resources, indicator)?.scopes?.find(({ name }) => name === scope)?.id,
        logto,
      ),
    forget,
  };
}
