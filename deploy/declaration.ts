import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import { DeclarationError, parseDeclaration } from "../lib/role-scopes/declaration.ts";
import type { Files } from "./bundle.ts";

/**
 * The declaration of role scopes that a function reads, where its setting `ROLE_SCOPES_FILE` names one
 * that is there. A mistake in it is told now, not when the function runs.
 *
 * @param serviceDirectory what the path is relative to, as it is for the function.
 * @throws DeclarationError telling every mistake, or that no zip can have such a path.
 */
export function declarationOf(
  { environment = {} }: { readonly environment?: Readonly<Record<string, unknown>> },
  serviceDirectory: string,
): Files {
  const setting = environment["ROLE_SCOPES_FILE"];
  if (typeof setting !== "string" || setting === "") return {};
  const path = normalize(setting);
  if (isAbsolute(path) || path.startsWith("..")) {
    throw new DeclarationError(
      "roleScopesFile cannot be packaged: give a path below the directory of serverless.yml.",
    );
  }
  const file = join(serviceDirectory, path);
  if (!existsSync(file)) return {};
  const contents = readFileSync(file);
  parseDeclaration(contents.toString(), setting);
  return { [path]: contents };
}
