import { readFileSync } from "node:fs";
import { type Declaration, parseDeclaration } from "../role-scopes/declaration.ts";

/**
 * Reads the declaration of role scopes.
 *
 * @returns `undefined` where there is no such file: then no role is managed.
 * @throws DeclarationError telling every mistake in it.
 */
export function readDeclaration(path: string): Declaration | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : parseDeclaration(text, path);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
