import { openLogto } from "../../bin/logto.ts";
import { applyPlan } from "../../lib/role-scopes/apply.ts";
import { observe } from "../../lib/role-scopes/observe.ts";
import { plan } from "../../lib/role-scopes/plan.ts";
import type { Declared } from "./declared.ts";
import { measured } from "./measured.ts";

const logto = openLogto({ environment: process.env });

/** As `onboarding roles apply` does it. */
export const handler = measured(async ({ roles, indicator, scopes }: Declared): Promise<number> => {
  const observed = await observe(logto);
  const declared = {
    roles: roles.map((role) => ({
      role,
      prune: false,
      resources: new Map([[indicator, scopes]]),
    })),
  };
  await applyPlan(plan(declared, observed), observed, logto);
  return observed.roles.length;
});
