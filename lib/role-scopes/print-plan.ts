import { styleText } from "node:util";
import { shownName } from "./names.ts";
import { hasDrifted, type NamedScope, type Plan, type RolePlan, type Unresolved } from "./plan.ts";

/** What a plan comes to, in numbers. */
export type PlanSummary = {
  /** Scopes. */
  readonly assign: number;
  readonly remove: number;
  /** Roles. */
  readonly changed: number;
  readonly unchanged: number;
};

/** Counts what a plan changes. */
export const summaryOf = ({ roles }: Plan): PlanSummary => {
  const changed = roles.filter(hasDrifted).length;
  return {
    assign: roles.reduce((total, { assign }) => total + assign.length, 0),
    remove: roles.reduce((total, { remove }) => total + remove.length, 0),
    changed,
    unchanged: roles.length - changed,
  };
};

/**
 * A plan for a person to read: what changes, what is left alone, what Logto does not know, and the
 * sum of it.
 *
 * @param colors whether to colour it as a terminal does.
 */
export function printPlan(plan: Plan, { colors }: { readonly colors: boolean }): string {
  const paint: Paint = (color, text) =>
    colors ? styleText(color, text, { validateStream: false }) : text;
  return [
    changes(plan.roles.filter(hasDrifted), paint),
    notManaged(plan),
    unresolved(plan.unresolved, paint),
    [summaryLine(summaryOf(plan), plan.unresolved.length)],
  ]
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n");
}

type Paint = (color: "green" | "red" | "yellow", text: string) => string;

const changes = (drifted: readonly RolePlan[], paint: Paint): string[] =>
  drifted.flatMap(({ role, assign, remove }) => [
    paint("yellow", `~ ${shownName(role)}`),
    ...assign.map((scope) => paint("green", `    + ${nameOf(scope)}`)),
    ...remove.map((scope) => paint("red", `    - ${nameOf(scope)}`)),
  ]);

/** A line for each role and resource: there may be many scopes. */
function notManaged({ roles, notManagedRoles }: Plan): string[] {
  const lines = roles.flatMap(({ role, notManaged: scopes }) =>
    [...Map.groupBy(scopes, ({ resource }) => resource)].map(
      ([resource, ofIt]) =>
        `    ${shownName(role)}: ${shownName(resource)} ${list(ofIt.map(({ scope }) => scope))}`,
    ),
  );
  if (notManagedRoles.length > 0) lines.push(`    roles not declared: ${list(notManagedRoles)}`);
  return lines.length === 0 ? [] : ["Not managed, and left as it is:", ...lines];
}

const unresolved = (names: readonly Unresolved[], paint: Paint): string[] =>
  names.length === 0
    ? []
    : [
        paint("red", "Not in Logto: correct the name, or create it there first."),
        ...names.map((name) => `    ${unresolvedName(name)}`),
      ];

const unresolvedName = ({ role, resource, scope }: Unresolved): string => {
  if (resource === undefined) return `role ${shownName(role)}`;
  const what = scope === undefined ? "resource" : `scope ${shownName(scope)} of`;
  return `${what} ${shownName(resource)}, under the role ${shownName(role)}`;
};

function summaryLine(summary: PlanSummary, unknown: number): string {
  const { assign, remove, changed, unchanged } = summary;
  if (changed === 0 && unknown === 0) return `No changes: ${counted(unchanged)} as declared.`;
  return [
    `Plan: ${assign} to assign, ${remove} to remove, in ${counted(changed)}.`,
    ...(unchanged === 0 ? [] : [`${counted(unchanged)} unchanged.`]),
    ...(unknown === 0 ? [] : [`${unknown} ${unknown === 1 ? "name" : "names"} not in Logto.`]),
  ].join(" ");
}

const counted = (roles: number): string => `${roles} ${roles === 1 ? "role" : "roles"}`;

const nameOf = ({ resource, scope }: NamedScope): string =>
  `${shownName(resource)} ${shownName(scope)}`;

const list = (names: readonly string[]): string => names.map(shownName).join(", ");
