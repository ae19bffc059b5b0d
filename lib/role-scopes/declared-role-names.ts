import { isMap } from "yaml";
import { textOf } from "./declaration-nodes.ts";
import { readYaml } from "./yaml-text.ts";

/**
 * The names of the roles that a declaration declares, whatever else is wrong with it: for those who
 * only want to know whether a role is declared.
 *
 * @returns none for a text that cannot be read.
 */
export function declaredRoleNames(text: string): readonly string[] {
  const { contents, problems } = readYaml(text);
  const roles = isMap(contents) && problems.length === 0 ? contents.get("roles") : undefined;
  return isMap(roles) ? roles.items.flatMap(({ key }) => textOf(key) ?? []) : [];
}
