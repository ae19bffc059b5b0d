import * as v from "valibot";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { alternate, median } from "../alternate.ts";
import { type Bar, exactly } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { type Measured, measuredSchema } from "./measured.ts";
import { openTenant, type Tenant } from "./tenant.ts";

const ROLES = 50;
const SCOPES = 40;
const DRIFTED = 5;
const ROUNDS = 3;

/** What a real Logto takes for an assignment: 490 in a second. */
const CALL_MS = 2;

/** Logto gives so many roles with a page. */
const PAGE_SIZE = 100;

export const roles: Benchmark = {
  name: "roles",
  title: `${ROLES} roles are to hold the same ${SCOPES} scopes, ${CALL_MS} ms a Logto call`,
  onRealLogto: true,
  run,
};

/** How many roles have drifted, and how many scopes each of them lacks. */
const cases = [
  { name: "no drift", drifted: 0, lacking: 0 },
  { name: "five drifted by one scope", drifted: DRIFTED, lacking: 1 },
  { name: "all new", drifted: ROLES, lacking: SCOPES },
] as const;

type Case = (typeof cases)[number];

const contenders = [
  { name: "this project", handler: "bench/roles/this-project.handler" },
  { name: "a script, scope by scope", handler: "bench/contenders/roles-script.handler" },
] as const;

async function run(): Promise<Findings> {
  const stage = await openStage(
    { faults: [{ on: "*", action: { kind: "delay", beforeMs: CALL_MS } }] },
    { onRealLogto: true },
  );
  const containers = contenders.map(({ handler }) => startOn(stage, handler));
  try {
    const tenant = await openTenant(stage, { roles: ROLES, scopes: SCOPES });
    try {
      return await compare(stage, tenant, containers);
    } finally {
      await tenant.stop();
    }
  } finally {
    await Promise.all(containers.map(({ stop }) => stop()));
    await stage.stop();
  }
}

const startOn = ({ environment }: Stage, handler: string): Container =>
  startContainer({ handler, environment: { ...environment }, timeoutSeconds: 900 });

async function compare(
  stage: Stage,
  tenant: Tenant,
  containers: readonly Container[],
): Promise<Findings> {
  // Until the token is there and the code is compiled; the state stays as it is.
  for (let round = 0; round < 5; round++) {
    for (const container of containers) await container.invoke(tenant.declared);
  }
  const rows = [];
  const bars: Bar[] = [];
  for (const drift of cases) {
    const turns = contenders.map(({ name }, index) => ({
      name,
      run: () => runOnce(stage, tenant, drift, containers[index]),
    }));
    const measured = await alternate(turns, { rounds: ROUNDS, warmUps: 0 });
    const of = (name: string, figure: (one: Measured) => number): number =>
      median((measured.get(name) ?? []).map(figure));
    const mostCalls = (name: string): number =>
      Math.max(...(measured.get(name) ?? []).map(({ calls }) => calls));
    const [own] = contenders;
    const ownMs = of(own.name, ({ milliseconds }) => milliseconds);
    for (const { name } of contenders) {
      const ms = of(name, ({ milliseconds }) => milliseconds);
      const calls = mostCalls(name);
      const figures = { "Logto calls": calls, "time, ms": ms, "beside this": ms / ownMs };
      rows.push({ name: `${drift.name}: ${name}`, figures });
    }
    const tenantRoles = of(own.name, (one) => one.tenantRoles);
    const least = Math.ceil(tenantRoles / PAGE_SIZE) + 1 + drift.drifted;
    bars.push(
      exactly(
        `calls, ${drift.name}`,
        of(own.name, ({ calls }) => calls),
        least,
      ),
    );
  }
  return {
    rows,
    bars,
    notes: [`Times are medians of ${ROUNDS} runs; of the calls the most that a run made.`],
  };
}

/** @throws Error when the work was not done, or other calls arrived than were told of. */
async function runOnce(
  stage: Stage,
  tenant: Tenant,
  { name, drifted, lacking }: Case,
  container: Container | undefined,
): Promise<Measured> {
  await tenant.drift((role) => (role < drifted ? lacking : 0));
  await stage.standIns.reset();
  const measured = v.parse(measuredSchema, await container?.invoke(tenant.declared));
  const { calls } = await stage.standIns.counts();
  const arrived = Object.values(calls).reduce((sum, count) => sum + count, 0);
  if (!stage.isReal && arrived !== measured.calls) {
    throw new Error(`${name}: ${measured.calls} calls were told of, ${arrived} arrived.`);
  }
  await tenant.check();
  return measured;
}
