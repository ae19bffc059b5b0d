import * as v from "valibot";
import { parse } from "yaml";

/**
 * The names of the roles under `roles` of a YAML text, whatever else it holds: for those who only
 * want to know whether a role is declared.
 *
 * @returns none for a text that is no YAML or has no such map.
 */
export function declaredRoleNames(text: string): readonly string[] {
  try {
    const content: unknown = parse(text, { logLevel: "error" });
    return Object.keys(v.parse(looseDeclaration, content).roles);
  } catch {
    return [];
  }
}

const looseDeclaration = v.object({ roles: v.record(v.string(), v.unknown()) });
