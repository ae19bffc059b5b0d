import { isMap, isScalar, isSeq } from "yaml";
import {
  complain,
  type Entry,
  entriesOf,
  isNull,
  MAXIMUM_NAMES,
  mayRead,
  offsetOf,
  quotesFor,
  type Reading,
  textOf,
  valueOffset,
} from "./declaration-nodes.ts";
import {
  isNameOf,
  isResourceIndicator,
  quotedName,
  ROLE_NAME_LENGTH,
  SCOPE_NAME_LENGTH,
} from "./names.ts";
import { readYaml, type TextProblem, type YamlText } from "./yaml-text.ts";

/** Which resource scopes which organization roles hold, all by name. */
export type Declaration = { readonly roles: readonly DeclaredRole[] };

export type DeclaredRole = {
  readonly role: string;
  /** Whether the role loses the scopes that are not declared, of the resources that are. */
  readonly prune: boolean;
  /** Names of scopes by the indicator of their API resource. A resource that is absent is not managed. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
};

/** The file cannot be used. The message has a line `file:line:column: what` for each mistake. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
}

/** One mistake often leads to a row of others. */
const MISTAKES_TOLD = 20;

/**
 * Parses a declaration: the text of a `role-scopes.yml`, as `role-scopes.schema.json` describes it.
 *
 * @param fileName what mistakes are said to be in.
 * @throws DeclarationError telling every mistake with its line and column.
 */
export function parseDeclaration(text: string, fileName: string): Declaration {
  const yaml = readYaml(text.replace(/^\uFEFF/, ""));
  const problems: TextProblem[] = [...yaml.problems];
  const declaration = problems.length === 0 ? read(yaml, problems) : { roles: [] };
  if (problems.length === 0) return declaration;
  throw new DeclarationError(toldOf(problems, fileName, yaml));
}

/** A line for each mistake. What stands behind an anchor is read again for each of its aliases. */
function toldOf(problems: readonly TextProblem[], fileName: string, yaml: YamlText): string {
  const sorted = problems.toSorted((one, other) => one.offset - other.offset);
  const lines = new Set(
    sorted.map(({ offset, sentence }) => `${fileName}:${yaml.position(offset)}: ${sentence}`),
  );
  const more = lines.size - MISTAKES_TOLD;
  return [...lines]
    .slice(0, MISTAKES_TOLD)
    .concat(more > 0 ? [`… and ${more} more.`] : [])
    .join("\n");
}

function read(yaml: YamlText, problems: TextProblem[]): Declaration {
  const reading: Reading = { yaml, problems, namesLeft: MAXIMUM_NAMES };
  const { contents } = yaml;
  if (isNull(contents)) {
    complain(reading, 0, "it is empty: write roles: {} to declare none.");
    return { roles: [] };
  }
  const entries = entriesOf(reading, contents, 0, "prune and roles");
  const prune = entries.find(({ key }) => key === "prune");
  const roles = entries.find(({ key }) => key === "roles");
  for (const { key, offset } of entries) {
    if (key === "prune" || key === "roles") continue;
    complain(reading, offset, `${quotedName(key)} is not known here: there are prune and roles.`);
  }
  const filePrune = prune === undefined ? false : readPrune(reading, prune);
  if (roles === undefined) {
    if (isMap(contents)) complain(reading, 0, "roles is missing: write roles: {} to declare none.");
    return { roles: [] };
  }
  const expected = "roles by their names, or {} for none";
  return {
    roles: entriesOf(reading, roles.value, roles.offset, expected).map((entry) =>
      readRole(reading, entry, filePrune),
    ),
  };
}

function readRole(
  reading: Reading,
  { key, offset, value }: Entry,
  filePrune: boolean,
): DeclaredRole {
  checkName(reading, offset, key, "the name of a role", ROLE_NAME_LENGTH);
  let prune = filePrune;
  const resources = new Map<string, readonly string[]>();
  const expected = "resource indicators and prune, or {} for neither";
  for (const entry of entriesOf(reading, value, offset, expected)) {
    if (entry.key === "prune") prune = readPrune(reading, entry);
    else if (isResourceIndicator(entry.key)) resources.set(entry.key, readScopes(reading, entry));
    else complain(reading, entry.offset, `${quotedName(entry.key)} ${NOT_KNOWN_IN_A_ROLE}`);
  }
  return { role: key, prune, resources };
}

const NOT_KNOWN_IN_A_ROLE =
  "is neither prune nor a resource indicator: that is an absolute URI such as https://api.example.com.";

function readPrune(reading: Reading, { offset, value }: Entry): boolean {
  if (isScalar(value) && typeof value.value === "boolean") return value.value;
  complain(reading, valueOffset(value, offset), "prune must be true or false.");
  return false;
}

function readScopes(reading: Reading, { key, offset, value }: Entry): readonly string[] {
  const scopes = new Set<string>();
  if (isNull(value)) {
    const says = `${quotedName(key)} has no list, and absent is not empty: write [] for none.`;
    complain(reading, offset, says);
  } else if (isSeq(value)) {
    for (const item of value.items) {
      if (!mayRead(reading, offset)) break;
      readScope(reading, item, offsetOf(value, offset), scopes);
    }
  } else {
    complain(reading, offsetOf(value, offset), `${quotedName(key)} must have a list of scopes.`);
  }
  return [...scopes];
}

function readScope(reading: Reading, item: unknown, listOffset: number, scopes: Set<string>): void {
  const offset = offsetOf(item, listOffset);
  const node = reading.yaml.resolve(item);
  const scope = textOf(node);
  if (scope === undefined) {
    complain(reading, offset, `a scope must be text${quotesFor(node)}.`);
    return;
  }
  checkName(reading, offset, scope, "the name of a scope", SCOPE_NAME_LENGTH);
  if (scopes.has(scope)) {
    complain(reading, offset, `${quotedName(scope)} is in this list twice: keep one.`);
  }
  scopes.add(scope);
}

function checkName(
  reading: Reading,
  offset: number,
  name: string,
  what: string,
  maximum: number,
): void {
  if (isNameOf(maximum, name)) return;
  complain(reading, offset, `${what} must have 1 to ${maximum} characters.`);
}
