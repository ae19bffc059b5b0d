import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReferenceNotFoundError } from "../../../lib/logto/errors.ts";
import { type Crash, crashing } from "../../support/crash.ts";
import type { Json } from "../../support/events.ts";
import { type RoleScopesWord, roleScopesWords, scopeOf } from "../../support/role-scopes-event.ts";
import { type Delivered, NAMES_TTL_MS, openRoleWorld, type RoleWorld } from "./world.ts";

let world: RoleWorld;
beforeAll(async () => {
  world = await openRoleWorld();
});
afterAll(() => world.close());

const ROLES = ["member", "admin", "machine"] as const;
const RESOURCES = ["orders", "files"] as const;
/** Resource and name of every scope there is. */
const SCOPES = [
  "orders read",
  "orders write",
  "orders export",
  "files read",
  "files share",
] as const;
const UNKNOWN = "orders unknown";

type Role = (typeof ROLES)[number];
type Scope = (typeof SCOPES)[number] | typeof UNKNOWN;

type Event = {
  readonly kind: "event";
  readonly word: RoleScopesWord;
  readonly role: Role;
  /** How the role and each scope are named. */
  readonly byId: boolean;
  readonly scopes: readonly { readonly scope: Scope; readonly byId: boolean }[];
  readonly prune: boolean | readonly (typeof RESOURCES)[number][];
  /** Deliveries that are cut, before one that is not; a container that is killed forgets its names. */
  readonly crashes: readonly (Crash & { readonly killed: boolean })[];
  /** Further deliveries right after. */
  readonly repeats: number;
};

type Step =
  | Event
  | { readonly kind: "role made again"; readonly role: Role }
  | { readonly kind: "scope made again"; readonly scope: (typeof SCOPES)[number] }
  | { readonly kind: "names expire" };

const crash = fc.record({
  at: fc.integer({ min: 1, max: 5 }),
  kind: fc.constantFrom("droppedConnection" as const, "lostResponse" as const, "end" as const),
  killed: fc.boolean(),
});

const event: fc.Arbitrary<Event> = fc
  .record({
    kind: fc.constant("event" as const),
    word: fc.constantFrom(...roleScopesWords),
    role: fc.constantFrom(...ROLES),
    byId: fc.boolean(),
    scopes: fc.array(
      fc.record({
        scope: fc.oneof(
          { weight: 20, arbitrary: fc.constantFrom(...SCOPES) },
          { weight: 1, arbitrary: fc.constant(UNKNOWN) },
        ),
        byId: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    prune: fc.oneof(fc.boolean(), fc.subarray([...RESOURCES])),
    crashes: fc.array(crash, { maxLength: 2 }),
    repeats: fc.nat(2),
  })
  .filter(({ word, scopes }) => scopes.length > 0 || word === "replace" || word === "sync");

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: event },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("role made again" as const),
      role: fc.constantFrom(...ROLES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("scope made again" as const),
      scope: fc.constantFrom(...SCOPES),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "names expire" as const }) },
);

/** What each role should hold. */
type Model = Record<Role, Set<Scope>>;

const resourceOf = (scope: Scope): string => scope.split(" ")[0] ?? "";

function modelled(held: ReadonlySet<Scope>, { word, scopes, prune }: Event): Set<Scope> {
  const named = new Set(scopes.map(({ scope }) => scope));
  const isPruned = (scope: Scope) =>
    typeof prune === "boolean" ? prune : prune.some((resource) => resource === resourceOf(scope));
  switch (word) {
    case "assign":
      return new Set([...held, ...named]);
    case "replace":
      return named;
    case "remove":
      return new Set([...held].filter((scope) => !named.has(scope)));
    case "sync":
      return new Set([...[...held].filter((scope) => !isPruned(scope)), ...named]);
  }
}

const roleIdOf = (name: Role): string =>
  [...world.standIn.state.roles.values()].find((role) => role.name === name)?.id ?? "";

const scopeIdOf = (scope: Scope): string =>
  [...world.standIn.state.scopes.values()].find(
    ({ resourceId, name }) => `${resourceId} ${name}` === scope,
  )?.id ?? "unknown";

const heldNow = (role: Role): readonly string[] =>
  (world.held(roleIdOf(role)) ?? []).flatMap((id) => {
    const scope = world.standIn.state.scopes.get(id);
    return scope === undefined ? [] : [`${scope.resourceId} ${scope.name}`];
  });

function dataOf({ word, role, byId, scopes, prune }: Event): Json {
  const nameOf = (scope: Scope) => {
    const [resource = "", name = ""] = scope.split(" ");
    return scopeOf(resource, name);
  };
  return {
    role: byId ? roleIdOf(role) : role,
    scopes: scopes.map((named) => (named.byId ? scopeIdOf(named.scope) : nameOf(named.scope))),
    ...(word === "sync"
      ? { prune: Array.isArray(prune) ? prune.map((name) => scopeOf(name, "").resource) : prune }
      : {}),
  };
}

/** What Logto does not know fails, but of a removal an id that is surely not held. */
const namesUnknown = ({ word, scopes }: Event): boolean =>
  scopes.some(({ scope, byId }) => scope === UNKNOWN && !(word === "remove" && byId));

async function carryOut(step: Event): Promise<Delivered> {
  const data = dataOf(step);
  for (const { killed, ...crash } of step.crashes) {
    const { logto, isStruck } = crashing(world.standIn, world.logto, crash);
    await world.deliver(step.word, data, logto);
    if (isStruck() && killed) world.cold();
  }
  let last = await world.deliver(step.word, data);
  // What was made again since its name was read is found by the next delivery.
  if (last.error !== undefined) last = await world.deliver(step.word, data);
  for (let again = 0; again < step.repeats; again++) {
    const repeated = await world.deliver(step.word, data);
    expect(repeated.outcome?.outcome).toBe(last.outcome?.outcome);
  }
  return last;
}

/** Takes a step in Logto and in the model. */
async function take(step: Step, model: Model): Promise<void> {
  switch (step.kind) {
    case "names expire":
      world.advance(NAMES_TTL_MS);
      return;
    case "role made again":
      world.remakeRole(step.role);
      model[step.role] = new Set();
      return;
    case "scope made again": {
      const [resource = "", name = ""] = step.scope.split(" ");
      world.remakeScope(resource, name);
      for (const role of ROLES) model[role].delete(step.scope);
      return;
    }
    case "event": {
      const { outcome, error } = await carryOut(step);
      if (namesUnknown(step)) {
        expect(error).toBeInstanceOf(ReferenceNotFoundError);
        return;
      }
      expect(outcome).toMatchObject({ outcome: "done" });
      model[step.role] = modelled(model[step.role], step);
      model[step.role].delete(UNKNOWN);
    }
  }
}

test("whatever is asked for, cut off and repeated, the roles hold what a set of names would", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const model: Model = { member: new Set(), admin: new Set(), machine: new Set() };
      for (const role of ROLES) world.hold(roleIdOf(role));
      for (const step of steps) {
        await take(step, model);
        for (const role of ROLES) {
          expect(heldNow(role).toSorted()).toEqual([...model[role]].toSorted());
        }
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
