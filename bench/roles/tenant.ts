import * as v from "valibot";
import type { Stage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";
import type { Declared } from "./declared.ts";

/** Organization roles and scopes in a Logto, nobody else's. */
export type Tenant = {
  readonly declared: Declared;
  /** Takes scopes from the roles: `lacks` of each, by the role's number. */
  readonly drift: (lacks: (role: number) => number) => Promise<void>;
  /** @throws Error when a role does not hold what is declared. */
  readonly check: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const ROLES = "/api/organization-roles";
const RESOURCES = "/api/resources";

/** Makes so many roles, and an API resource with so many scopes. */
export async function openTenant(
  { management }: Stage,
  sizes: { readonly roles: number; readonly scopes: number },
): Promise<Tenant> {
  const prefix = uniquePrefix();
  const indicator = `https://${prefix}.example.com`;
  const make = async (path: string, body: object): Promise<string> =>
    v.parse(entity, await management("POST", path, body)).id;
  const roles = named(`${prefix}-role`, sizes.roles);
  const scopes = named("scope", sizes.scopes);
  const roleIds: string[] = [];
  const resourceId = await make(RESOURCES, { name: prefix, indicator });
  const stop = async (): Promise<void> => {
    for (const id of roleIds) await management("DELETE", `${ROLES}/${id}`);
    await management("DELETE", `${RESOURCES}/${resourceId}`);
  };
  try {
    const scopeIds: string[] = [];
    for (const name of scopes) {
      scopeIds.push(await make(`${RESOURCES}/${resourceId}/scopes`, { name }));
    }
    for (const name of roles) roleIds.push(await make(ROLES, { name }));
    return {
      declared: { roles, indicator, scopes },
      drift: async (lacks) => {
        for (const [role, id] of roleIds.entries()) {
          const body = { scopeIds: scopeIds.slice(lacks(role)) };
          await management("PUT", `${ROLES}/${id}/resource-scopes`, body);
        }
      },
      check: async () => {
        for (const id of roleIds) {
          const held = v.parse(list, await management("GET", `${ROLES}/${id}/resource-scopes`));
          const missing = scopeIds.filter((scopeId) => !held.some((one) => one.id === scopeId));
          if (missing.length > 0 || held.length > scopeIds.length) {
            throw new Error(`A role holds ${held.length} scopes; ${missing.length} are missing.`);
          }
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const entity = v.object({ id: v.string() });
const list = v.array(entity);
