// Runs in a contender's container: counts what it asks of Logto, and takes the time.
import { subscribe } from "node:diagnostics_channel";
import * as v from "valibot";
import { declaredSchema, type Way } from "./declared.ts";

export const measuredSchema = v.object({
  /** Requests of the Management API. */
  calls: v.number(),
  milliseconds: v.number(),
  /** How many organization roles the tenant has. */
  tenantRoles: v.number(),
});

export type Measured = v.InferOutput<typeof measuredSchema>;

const requestSchema = v.object({ request: v.object({ path: v.string() }) });

let calls = 0;

// Told by `fetch` and by `node:http`, whoever uses them.
for (const channel of ["undici:request:create", "http.client.request.start"]) {
  subscribe(channel, (message) => {
    if (v.parse(requestSchema, message).request.path.startsWith("/api/")) calls += 1;
  });
}

/** A handler that has a contender bring about what is declared and says what that took. */
export const measured =
  (way: Way) =>
  async (payload: unknown): Promise<Measured> => {
    const declared = v.parse(declaredSchema, payload);
    calls = 0;
    const startedAt = performance.now();
    const tenantRoles = await way(declared);
    return { calls, milliseconds: performance.now() - startedAt, tenantRoles };
  };
