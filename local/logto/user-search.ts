import { invalidInput } from "./answers.ts";
import type { User } from "./state.ts";

const searchable = ["id", "primaryEmail", "primaryPhone", "username", "name"] as const;

/**
 * Reads `search`, `search.<field>`, `mode`, `mode.<field>`, `joint` and `isCaseSensitive`. The
 * default mode is SQL's `like`: `%` and `_` are wildcards, letter case does not matter.
 * @throws {LogtoError} 400 `request.invalid_input`
 */
export function matchUsers(query: URLSearchParams): (user: User) => boolean {
  const caseSensitive = query.get("isCaseSensitive") === "true";
  const names = new Set([...query.keys()].filter((name) => name.startsWith("search")));
  const conditions = [...names].map((name) => {
    const field = name.split(".")[1];
    const mode = query.get(`mode.${field}`) ?? query.get("mode") ?? "like";
    return condition(fieldsOf(field), mode, query.getAll(name), caseSensitive);
  });
  if (conditions.length === 0) return () => true;
  return query.get("joint") === "and"
    ? (user) => conditions.every((holds) => holds(user))
    : (user) => conditions.some((holds) => holds(user));
}

type Field = (typeof searchable)[number];

function fieldsOf(name: string | undefined): readonly Field[] {
  const fields = searchable.filter((field) => name === undefined || field === name);
  if (fields.length === 0) throw invalidInput(400, "This field cannot be searched.");
  return fields;
}

function condition(
  fields: readonly Field[],
  mode: string,
  values: readonly string[],
  caseSensitive: boolean,
): (user: User) => boolean {
  if (values.some((value) => value === "")) throw invalidInput(400, "A search value is empty.");
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());

  if (mode === "exact") {
    const wanted = new Set(values.map(fold));
    return (user) => fields.some((field) => wanted.has(fold(user[field] ?? "")));
  }
  const [value = "", ...others] = values;
  if (mode !== "like" || others.length > 0) {
    throw invalidInput(400, "Only one value, and only the modes like and exact.");
  }
  const pattern = likePattern(value, caseSensitive);
  return (user) => fields.some((field) => pattern.test(user[field] ?? ""));
}

function likePattern(value: string, caseSensitive: boolean): RegExp {
  const source = value
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, caseSensitive ? "s" : "is");
}
