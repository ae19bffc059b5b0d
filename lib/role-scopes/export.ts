import { isMap, parseDocument, type ToStringOptions } from "yaml";
import { parseDeclaration } from "./declaration.ts";
import { isResourceIndicator } from "./names.ts";
import type { Observed } from "./observe.ts";
import { type Holdings, updateRoles } from "./update-roles.ts";
import { writeOutAliases } from "./yaml-aliases.ts";

/** A declaration of nothing, with what somebody who opens the file wants to know. */
export const EMPTY_DECLARATION = `\
# Which resource scopes each organization role holds. A resource that is not named under a role is
# not managed there. Where prune is true, a role loses the scopes of named resources that are not listed.
prune: false
roles: {}
`;

/**
 * Writes what Logto holds as a declaration: planning it at once changes nothing, whether it prunes
 * or not.
 *
 * @param existing the text of the file so far. Its comments, order and `prune` are kept, and a
 * resource without scopes stays an empty list. A text that says what Logto holds comes back as it is.
 * @param fileName what mistakes of the existing text are said to be in.
 * @throws DeclarationError when the existing text is no declaration.
 */
export function exportDeclaration(
  observed: Observed,
  existing: string = EMPTY_DECLARATION,
  fileName = "role-scopes.yml",
): string {
  const given = withRoles(existing);
  parseDeclaration(given, fileName);
  // The library takes the first half of a line's end for a part of the comment before it.
  const text = given.replaceAll("\r\n", "\n");
  // Quotes also what older parsers of YAML take for something else than text.
  const document = parseDocument(text, { ...PARSE_OPTIONS, compat: "yaml-1.1" });
  writeOutAliases(document);
  const roles = document.get("roles");
  if (!isMap(roles)) throw new Error("A declaration that could be parsed has no map of roles.");
  const hasChanged = updateRoles(roles, holdingsOf(observed), text);
  if (!hasChanged) return given;
  const written = document.toString(styleOf(text));
  return given.includes("\r\n") ? written.replaceAll("\n", "\r\n") : written;
}

/**
 * Indicators of resources that cannot be declared, as they are no absolute URIs, though roles hold
 * scopes of them. They are left out of an export.
 */
export function leftOutOfExport({ roles, resources }: Observed): readonly string[] {
  const held = new Set(
    roles.flatMap(({ resourceScopes }) => resourceScopes.map(({ resource }) => resource.id)),
  );
  return resources
    .filter(({ id, indicator }) => held.has(id) && !isResourceIndicator(indicator))
    .map(({ indicator }) => indicator);
}

/** The library compares each key with each; the declaration's own parser tells of repeated ones. */
const PARSE_OPTIONS = { uniqueKeys: false, logLevel: "error" } as const;

/** A file of nothing but comments is a beginning, too. */
function withRoles(text: string): string {
  if (text.trim() === "") return EMPTY_DECLARATION;
  const { contents, errors } = parseDocument(text, PARSE_OPTIONS);
  return contents === null && errors.length === 0
    ? `${text.trimEnd()}\n${EMPTY_DECLARATION}`
    : text;
}

function holdingsOf({ roles, resources }: Observed): Holdings {
  const declarable = resources.filter(({ indicator }) => isResourceIndicator(indicator));
  const indicators = new Map(declarable.map(({ id, indicator }) => [id, indicator]));
  return {
    indicators: new Set(indicators.values()),
    roles: new Map(
      roles.map(({ name, resourceScopes }) => {
        const byIndicator = Map.groupBy(resourceScopes, ({ resource }) =>
          indicators.get(resource.id),
        );
        const held = [...byIndicator].flatMap(([indicator, scopes]) =>
          indicator === undefined
            ? []
            : [[indicator, new Set(scopes.map((scope) => scope.name))] as const],
        );
        return [name, new Map(held)];
      }),
    ),
  };
}

/** How the file is written, as far as the library can be told. */
function styleOf(text: string): ToStringOptions {
  const [, indentation] = /^roles:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)[^\s#]/m.exec(text) ?? [];
  return {
    indent: indentation?.length ?? 2,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
    flowCollectionPadding: /[[{] +[^\s\]}]/.test(text),
    lineWidth: 0,
    // A name with a line break stays in its line, in quotes.
    blockQuote: false,
  };
}
