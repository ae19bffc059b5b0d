import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import {
  type Declaration,
  DeclarationError,
  parseDeclaration,
} from "../lib/role-scopes/declaration.ts";
import { EMPTY_DECLARATION, exportDeclaration } from "../lib/role-scopes/export.ts";
import type { Observed } from "../lib/role-scopes/observe.ts";
import { UsageError } from "./usage-error.ts";

/** Where the declaration is unless told otherwise, from the working directory. */
export const DECLARATION_FILE = "role-scopes.yml";

/**
 * Reads and parses a declaration.
 *
 * @throws UsageError when it cannot be read, or with all that is wrong in it.
 */
export async function readDeclaration(file: string): Promise<Declaration> {
  const text = await textOf(file);
  if (text === undefined) {
    throw new UsageError(
      `${file} is not there: give its path with --file, or write it with roles export.`,
    );
  }
  return toBeMended(() => parseDeclaration(text, file), "Nothing was changed: mend the file.");
}

/**
 * The text of a declaration as it should be for what Logto holds, and as it is.
 *
 * @throws UsageError when there is a file that cannot be read, or is no declaration.
 */
export async function exportedText(
  file: string,
  observed: Observed,
): Promise<{ readonly before: string | undefined; readonly after: string }> {
  const before = await textOf(file);
  const after = toBeMended(
    () => exportDeclaration(observed, before ?? beginningOf(file), file),
    "Nothing was written: mend the file, or export to another one.",
  );
  return { before, after };
}

/** The text of a file; `undefined` when there is none. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    if (reason === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read (${reason}): check the path.`);
  }
}

function toBeMended<Result>(run: () => Result, otherwise: string): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    throw new UsageError(`${error.message}\n${otherwise}`);
  }
}

/** What a new file begins with. An editor that reads YAML finds the schema of one in this repository. */
function beginningOf(file: string): string {
  const root = join(import.meta.dirname, "..");
  const directory = dirname(resolve(file));
  if (relative(root, directory).startsWith("..")) return EMPTY_DECLARATION;
  const schema = join(relative(directory, root), "role-scopes.schema.json");
  const path = schema.startsWith(".") ? schema : `./${schema}`;
  return `# yaml-language-server: $schema=${path}\n${EMPTY_DECLARATION}`;
}
