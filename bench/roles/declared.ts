import * as v from "valibot";

/** What both contenders are to bring about: each of the roles holds each of the scopes, all by name. */
export const declaredSchema = v.object({
  roles: v.array(v.string()),
  /** Of the API resource that the scopes are of. */
  indicator: v.string(),
  scopes: v.array(v.string()),
});

export type Declared = v.InferOutput<typeof declaredSchema>;

/** Brings it about, and says how many organization roles the tenant has. */
export type Way = (declared: Declared) => Promise<number>;
