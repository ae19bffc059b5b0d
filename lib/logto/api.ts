import type { createApiClient } from "@logto/api/management";
import type { Client } from "openapi-fetch";

/**
 * Logto's own description of its Management API, as types. Nothing of that package is run.
 * It does not export the description itself, only a client that is made of it.
 */
type Paths = ReturnType<typeof createApiClient> extends Client<infer P> ? P : never;

/** The typed Management API: `openapi-fetch` over the description. */
export type ManagementApi = Client<Paths>;
export type { Paths };
