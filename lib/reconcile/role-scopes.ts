import { hash } from "node:crypto";
import type { EventMessage, MessageOrProblem } from "../events/message.ts";
import { problemsSentence } from "../events/problem.ts";
import type { LogtoClient } from "../logto/client.ts";
import { LogtoError } from "../logto/errors.ts";
import type { Declaration, DeclaredRole } from "../role-scopes/declaration.ts";
import { shownName } from "../role-scopes/names.ts";
import { observe } from "../role-scopes/observe.ts";
import { hasDrifted, type NamedScope, plan, type RolePlan } from "../role-scopes/plan.ts";
import { refusedRemovals } from "../role-scopes/removal-guard.ts";
import { reconcileEvent } from "./events.ts";

/** What a run found among the roles. */
export type RoleScopesReport = {
  readonly declaredRoles: number;
  /** How many roles do not hold what is declared. */
  readonly driftedRoles: number;
  /** The first hundred of them. */
  readonly drifted: readonly DriftedRole[];
  /** The first hundred names that are declared and that Logto does not know. Their roles are left alone. */
  readonly unresolved: readonly string[];
  /** How many roles Logto holds that are not declared. */
  readonly notManagedRoles: number;
  /** Why nothing is published: the plan removes more than anybody agreed to. */
  readonly refused?: string;
  /** Why Logto could not be asked. */
  readonly failed?: string;
};

export type DriftedRole = {
  readonly role: string;
  readonly assign: number;
  readonly remove: number;
  /** The first twenty changes, such as `+ https://api.example.com read:items`. */
  readonly changes: readonly string[];
  /** Why it is left alone. */
  readonly leftAlone?: string;
};

export type RoleScopesRun = {
  readonly events: () => AsyncGenerator<EventMessage, void, undefined>;
  readonly report: () => RoleScopesReport;
};

const LISTED = 100;
const LISTED_CHANGES = 20;

/**
 * Compares the declared roles with what Logto holds, and asks for each that has drifted to be synced.
 * A role of which not every name is known is left alone, and all of them where the plan is refused.
 *
 * @param allowRemovals how many removals somebody has agreed to.
 * @param at the time of the events, epoch milliseconds.
 */
export function runRoleScopes(
  declaration: Declaration,
  logto: LogtoClient,
  allowRemovals: number | undefined,
  at: number,
): RoleScopesRun {
  const declaredRoles = declaration.roles.length;
  let report: RoleScopesReport = {
    declaredRoles,
    driftedRoles: 0,
    drifted: [],
    unresolved: [],
    notManagedRoles: 0,
  };

  async function* events(): AsyncGenerator<EventMessage, void, undefined> {
    const planned = plan(declaration, await observe(logto));
    const unresolvedRoles = new Set(planned.unresolved.map(({ role }) => role));
    const drifted = planned.roles.filter(hasDrifted).map((role) => {
      const declared = declaration.roles.find((one) => one.role === role.role);
      const isKnown = declared !== undefined && !unresolvedRoles.has(role.role);
      return { role, event: isKnown ? syncEvent(declared, role, at) : undefined };
    });
    const leftAlone = new Set(drifted.filter(({ event }) => !event?.ok).map(({ role }) => role));
    // What is left alone loses nothing, and what it holds excuses no removal elsewhere.
    const roles = planned.roles.filter(
      (role) => !leftAlone.has(role) && !unresolvedRoles.has(role.role),
    );
    const refused = refusedRemovals({ ...planned, roles }, allowRemovals);
    report = {
      declaredRoles,
      driftedRoles: drifted.length,
      drifted: drifted.slice(0, LISTED).map(({ role, event }) => driftedRole(role, event)),
      unresolved: planned.unresolved
        .slice(0, LISTED)
        .map(({ role, resource, scope }) => namesOf(role, resource, scope)),
      notManagedRoles: planned.notManagedRoles.length,
      ...(refused === undefined ? {} : { refused }),
    };
    if (refused !== undefined) return;
    for (const { event } of drifted) if (event?.ok) yield event.message;
  }

  return {
    events: async function* () {
      try {
        yield* events();
      } catch (error) {
        if (!(error instanceof LogtoError)) throw error;
        report = { ...report, failed: error.message };
      }
    },
    report: () => report,
  };
}

/** The event that has a role hold what is declared. Its id changes with what is to be changed. */
function syncEvent({ role, resources, prune }: DeclaredRole, planned: RolePlan, at: number) {
  const ids = (scopes: readonly NamedScope[]) => scopes.map(({ id }) => id).toSorted();
  const { roleId, assign, remove } = planned;
  const change = hash("sha256", JSON.stringify([roleId, ids(assign), ids(remove)])).slice(0, 16);
  const scopes = [...resources].flatMap(([resource, names]) =>
    names.map((scope) => ({ resource, scope })),
  );
  return reconcileEvent(
    `sync:${roleId}:${change}`,
    "onboarding.role-scopes.sync",
    { role, scopes, prune: prune && [...resources.keys()] },
    at,
  );
}

function driftedRole(
  { role, assign, remove }: RolePlan,
  event: MessageOrProblem | undefined,
): DriftedRole {
  const told = (sign: string, scopes: readonly NamedScope[]) =>
    scopes
      .slice(0, LISTED_CHANGES)
      .map(({ resource, scope }) => `${sign} ${namesOf(resource, scope)}`);
  return {
    role,
    assign: assign.length,
    remove: remove.length,
    changes: [...told("+", assign), ...told("-", remove)].slice(0, LISTED_CHANGES),
    ...whyLeftAlone(event),
  };
}

/** Somebody's names, on a terminal as well. */
const namesOf = (...names: readonly (string | undefined)[]): string =>
  names
    .filter((name) => name !== undefined)
    .map(shownName)
    .join(" ");

function whyLeftAlone(event: MessageOrProblem | undefined): { leftAlone?: string } {
  if (event === undefined) return { leftAlone: "Logto does not know every name of it." };
  if (event.ok) return {};
  return { leftAlone: `No event can ask for it: ${problemsSentence(event.problems)}` };
}
