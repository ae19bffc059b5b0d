import type { Observed } from "../../../lib/role-scopes/observe.ts";

/** A tenant in few words: scopes by resource indicator, and what each role holds. */
export type TenantWords = {
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** By role and resource. */
  readonly roles: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** What `observe` would give of that tenant. Ids are those of nothing else: `role 1`, `scope 1 read`. */
export function observedOf({ resources, roles }: TenantWords): Observed {
  const numbers = new Map(Object.keys(resources).map((indicator, index) => [indicator, index + 1]));
  const scopeOf = (indicator: string, name: string) => ({
    id: `scope ${numbers.get(indicator)} ${name}`,
    name,
    resource: { id: `resource ${numbers.get(indicator)}`, name: indicator },
  });
  return {
    resources: Object.entries(resources).map(([indicator, scopes]) => ({
      id: `resource ${numbers.get(indicator)}`,
      name: indicator,
      indicator,
      scopes: scopes.map((name) => ({ id: scopeOf(indicator, name).id, name })),
    })),
    roles: Object.entries(roles).map(([name, held], index) => ({
      id: `role ${index + 1}`,
      name,
      description: null,
      type: "User",
      resourceScopes: Object.entries(held).flatMap(([indicator, scopes]) =>
        scopes.map((scope) => scopeOf(indicator, scope)),
      ),
    })),
  };
}
