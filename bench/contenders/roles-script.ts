import type { Declared } from "../roles/declared.ts";
import { measured } from "../roles/measured.ts";
import { apiClient } from "./create-with-logto-api.ts";

const PAGE_SIZE = 100;

/** What one would write first: look at each role, and assign what it lacks scope by scope. */
export const handler = measured(async ({ roles, indicator, scopes }: Declared): Promise<number> => {
  const { data: resources = [] } = await apiClient.GET("/api/resources", {
    params: { query: { includeScopes: "true" } },
  });
  const resource = resources.find((one) => one.indicator === indicator);
  const wanted = resource?.scopes?.filter(({ name }) => scopes.includes(name)) ?? [];
  const all = await allRoles();
  for (const { id, name } of all) {
    if (!roles.includes(name)) continue;
    const { data: held = [] } = await apiClient.GET(
      "/api/organization-roles/{id}/resource-scopes",
      {
        params: { path: { id } },
      },
    );
    for (const scope of wanted) {
      if (!held.some((one) => one.id === scope.id)) await assign(id, scope.id);
    }
  }
  return all.length;
});

async function allRoles(): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const roles = [];
  for (let page = 1; ; page++) {
    const { data = [] } = await apiClient.GET("/api/organization-roles", {
      params: { query: { page, page_size: PAGE_SIZE } },
    });
    roles.push(...data);
    if (data.length < PAGE_SIZE) return roles;
  }
}

async function assign(id: string, scopeId: string): Promise<void> {
  const { response } = await apiClient.POST("/api/organization-roles/{id}/resource-scopes", {
    params: { path: { id } },
    body: { scopeIds: [scopeId] },
    // Logto answers with the word Created, which is no JSON.
    parseAs: "text",
  });
  if (!response.ok) throw new Error(`Logto answered ${response.status}`);
}
