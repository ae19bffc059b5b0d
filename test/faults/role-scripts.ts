import { type RoleScopesWord, roleScopesWords } from "../support/role-scopes-event.ts";
import type { Dice } from "./dice.ts";

/** An organization role with the events about it, in the order in which they are published. */
export type RoleScript = {
  readonly number: number;
  readonly events: readonly RoleEvent[];
};

export type RoleEvent = {
  readonly id: string;
  readonly word: RoleScopesWord;
  readonly scopes: readonly { readonly scope: RoleScope; readonly byId: boolean }[];
  readonly prune: boolean | readonly RoleResource[];
};

export const roleResources = ["orders", "files", "reports"] as const;
export type RoleResource = (typeof roleResources)[number];

const scopeNames = ["read", "write", "share", "export"] as const;

/** Every scope of the run: its resource and its name. */
export const roleScopes = roleResources.flatMap((resource) =>
  scopeNames.map((name) => ({ resource, name })),
);
export type RoleScope = (typeof roleScopes)[number];

/** Few, so that each has a long history. */
const ROLES = 12;

/** Roles are named by their ids or by their names, each in one way: order is kept for each way. */
export const isNamedById = ({ number }: Pick<RoleScript, "number">): boolean => number % 2 === 0;

/**
 * Every role has a script of its own: scopes are assigned, replaced, removed and synced.
 *
 * @param count events in all.
 */
export function writeRoleScripts(count: number, dice: Dice): readonly RoleScript[] {
  const roles = Math.min(count, ROLES);
  return Array.from({ length: roles }, (_, number) => {
    const length = Math.floor(count / roles) + (number < count % roles ? 1 : 0);
    const events = Array.from({ length }, (_, index) => roleEvent(`role-${number}.${index}`, dice));
    return { number, events };
  });
}

const [firstWord = "assign", ...otherWords] = roleScopesWords;

function roleEvent(id: string, dice: Dice): RoleEvent {
  const word = dice.pick(`word ${id}`, [firstWord, ...otherWords]);
  const mayBeEmpty = word === "replace" || word === "sync";
  const chosen = roleScopes.filter(
    ({ resource, name }) => dice.roll(`${resource} ${name} ${id}`) < 0.25,
  );
  const [first = { resource: "orders", name: "read" } as const] = roleScopes;
  const scopes = chosen.length === 0 && !mayBeEmpty ? [first] : chosen;
  return {
    id,
    word,
    scopes: scopes.map((scope) => ({
      scope,
      byId: dice.roll(`by id ${scope.resource} ${scope.name} ${id}`) < 0.5,
    })),
    prune: dice.pick<RoleEvent["prune"]>(`prune ${id}`, [
      false,
      true,
      ["orders"],
      ["files", "reports"],
    ]),
  };
}
