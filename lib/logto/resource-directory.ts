import type { LogtoClient } from "./client.ts";
import { createDirectory, type Directory } from "./directory.ts";
import type { Resource } from "./lookups.ts";

/** A resource scope by its id, or by the indicator of its API resource and its name. */
export type ScopeName = string | { readonly resource: string; readonly scope: string };

/** Finds API resources by their indicators, and scopes by their names. */
export type ResourceDirectory = Pick<Directory<Resource>, "forget"> & {
  /** The ids of the resources with these indicators; `undefined` for one that Logto does not have. */
  readonly findResources: (indicators: readonly string[], logto: LogtoClient) => Promise<Ids>;
  /** The ids of these scopes; `undefined` for one that Logto does not have. */
  readonly findScopes: (names: readonly ScopeName[], logto: LogtoClient) => Promise<Ids>;
};

type Ids = readonly (string | undefined)[];

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
  return {
    findResources: async (indicators, logto) => {
      if (indicators.length === 0) return [];
      return find((resources) => {
        const ids = new Map(resources.map(({ indicator, id }) => [indicator, id]));
        return indicators.map((indicator) => ids.get(indicator));
      }, logto);
    },
    findScopes: async (names, logto) => {
      if (names.length === 0) return [];
      return find((resources) => {
        const idOf = scopeFinder(resources);
        return names.map(idOf);
      }, logto);
    },
    forget,
  };
}

function scopeFinder(resources: readonly Resource[]): (name: ScopeName) => string | undefined {
  const ids = new Set<string>();
  const byIndicator = new Map<string, ReadonlyMap<string, string>>();
  for (const { indicator, scopes = [] } of resources) {
    for (const { id } of scopes) ids.add(id);
    byIndicator.set(indicator, new Map(scopes.map(({ name, id }) => [name, id])));
  }
  return (name) => {
    if (typeof name !== "string") return byIndicator.get(name.resource)?.get(name.scope);
    return ids.has(name) ? name : undefined;
  };
}
