import { afterAll, beforeAll, expect, test } from "vitest";
import { startLogtoStandIn } from "../../local/logto/server.ts";
import { type LogtoTarget, standInTarget } from "../../local/logto-target.ts";
import { createManagement } from "../../local/management.ts";

let target: LogtoTarget;
beforeAll(async () => {
  target = standInTarget(await startLogtoStandIn());
});
afterAll(() => target.stop());

test("a stand-in fails all requests until its outage ends", async () => {
  const roles = async () => {
    const management = await createManagement(() => target.credentials);
    return management("GET", "/api/organization-roles");
  };

  const end = target.fail?.();
  await expect(roles()).rejects.toThrow("Logto answered 502 to POST /oidc/token");
  end?.();
  expect(await roles()).toHaveLength(3);
});
