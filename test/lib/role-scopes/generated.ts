import fc from "fast-check";
import type { Declaration } from "../../../lib/role-scopes/declaration.ts";
import { isNameOf, ROLE_NAME_LENGTH } from "../../../lib/role-scopes/names.ts";
import type { TenantWords } from "./observed.ts";

/** What a generated file says: what holds for a role, by resource and scope. */
export type FileWords = {
  readonly prune?: boolean;
  readonly roles: readonly {
    readonly role: string;
    readonly prune?: boolean;
    readonly resources: readonly {
      readonly resource: string;
      readonly scopes: readonly string[];
    }[];
  }[];
};

/** Names that YAML, a terminal or JavaScript could take for something else. */
const SPECIAL_NAMES = [
  "yes",
  "no",
  "null",
  "~",
  "true",
  "1.0",
  "0x1F",
  "1e3",
  "2026-01-01",
  "#x",
  "a #b",
  "a: b",
  "a:",
  ": ",
  "-",
  "- a",
  "?",
  "[",
  "{}",
  "*a",
  "&a",
  "!a",
  "|",
  ">",
  "%YAML",
  "---",
  "...",
  "<<",
  "=",
  "@",
  "`",
  '"',
  "'",
  "\\",
  " a",
  "a ",
  " ",
  "a\nb",
  "\n",
  "a\r\nb",
  "\r",
  "\t",
  "\u0000",
  "\u0085",
  "\u2028",
  "\uFEFF",
  "\u001B[31m",
  "管理者",
  "🦊",
  "prune",
  "roles",
  "__proto__",
  "constructor",
  "10",
  "9",
] as const;

const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...SPECIAL_NAMES),
  fc.constantFrom("read", "write", "admin", "reader"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .filter((name) => isNameOf(ROLE_NAME_LENGTH, name)),
);

const anyIndicator: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("https://api.example.com", "https://api.example.com/", "urn:a", "x:#", "x:y:"),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string({ minLength: 1, maxLength: 8 }).map((text) => `urn:${encodeURI(text)}`),
);

const names = (arbitrary: fc.Arbitrary<string>, maxLength: number) =>
  fc.uniqueArray(arbitrary, { maxLength });

const dictionaryOf = <Value>(entries: readonly (readonly [string, Value])[]) =>
  // A plain object would take `__proto__` for something else.
  entries.reduce<Record<string, Value>>((all, [name, value]) => {
    Object.defineProperty(all, name, { value, enumerable: true });
    return all;
  }, {});

/** A tenant whose roles hold some of its scopes. */
const anyTenant: fc.Arbitrary<TenantWords> = fc
  .uniqueArray(fc.tuple(anyIndicator, names(anyName, 5)), {
    minLength: 1,
    maxLength: 4,
    selector: ([indicator]) => indicator,
  })
  .chain((resources) =>
    fc
      .uniqueArray(fc.tuple(anyName, fc.tuple(...resources.map(([, all]) => fc.subarray(all)))), {
        minLength: 1,
        maxLength: 5,
        selector: ([name]) => name,
      })
      .map((roles) => ({
        resources: dictionaryOf(resources),
        roles: dictionaryOf(
          roles.map(([role, held]) => [
            role,
            dictionaryOf(
              resources.flatMap(([indicator], index) => {
                const scopes = held[index] ?? [];
                return scopes.length === 0 ? [] : [[indicator, scopes] as const];
              }),
            ),
          ]),
        ),
      })),
  );

/**
 * A file about a tenant: some of its roles, resources and scopes, in an order of its own.
 *
 * @param strangers whether it also names what the tenant does not have.
 */
const anyFileFor = (tenant: TenantWords, strangers: boolean): fc.Arbitrary<FileWords> => {
  const someOf = (known: readonly string[], stranger: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.shuffledSubarray([...known]), names(stranger, strangers ? 2 : 0))
      .map(([some, others]) => [...new Set([...some, ...others])]);
  const resources = someOf(Object.keys(tenant.resources), anyIndicator).chain((indicators) =>
    fc.tuple(
      ...indicators.map((resource) =>
        someOf(
          Object.hasOwn(tenant.resources, resource) ? (tenant.resources[resource] ?? []) : [],
          anyName,
        ).map((scopes) => ({ resource, scopes })),
      ),
    ),
  );
  const prune = fc.option(fc.boolean(), { nil: undefined });
  const roles = someOf(Object.keys(tenant.roles), anyName).chain((known) =>
    fc.tuple(
      ...known.map((role) =>
        fc.tuple(resources, prune).map(([of, own]) => ({
          role,
          resources: of,
          ...(own === undefined ? {} : { prune: own }),
        })),
      ),
    ),
  );
  return fc
    .tuple(roles, prune)
    .map(([of, own]) => ({ roles: of, ...(own === undefined ? {} : { prune: own }) }));
};

/** A tenant and a file about it, which names strangers or not. */
export const anyCase = (strangers: boolean): fc.Arbitrary<[TenantWords, FileWords]> =>
  anyTenant.chain((tenant) => fc.tuple(fc.constant(tenant), anyFileFor(tenant, strangers)));

/** The text of a file, with a comment above each line that has a name; `#` and its path. */
export function textOf({ prune, roles }: FileWords): string {
  const quoted = (name: string): string => JSON.stringify(name);
  const pruneLine = (indentation: string, value: boolean | undefined): string[] =>
    value === undefined ? [] : [`${indentation}prune: ${value}`];
  return [
    ...pruneLine("", prune),
    roles.length === 0 ? "roles: {}" : "roles:",
    ...roles.flatMap(({ role, prune: own, resources }) => {
      const isEmpty = own === undefined && resources.length === 0;
      return [
        `  # ${commentOf(role)}`,
        `  ${quoted(role)}:${isEmpty ? " {}" : ""}`,
        ...pruneLine("    ", own),
        ...resources.flatMap(({ resource, scopes }) => [
          `    # ${commentOf(role, resource)}`,
          `    ${quoted(resource)}:${scopes.length === 0 ? " []" : ""}`,
          ...scopes.flatMap((scope) => [
            `      # ${commentOf(role, resource, scope)}`,
            `      - ${quoted(scope)}`,
          ]),
        ]),
      ];
    }),
    "",
  ].join("\n");
}

/** The same with every role pruning. */
export const pruned = ({ roles }: Declaration): Declaration => ({
  roles: roles.map((role) => ({ ...role, prune: true })),
});

/** A comment that can be looked for. */
export const commentOf = (...path: readonly string[]): string =>
  `<${encodeURIComponent(JSON.stringify(path))}>`;
