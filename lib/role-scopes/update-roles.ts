import { isMap, isNode, isPair, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { offsetOf, textOf } from "./declaration-nodes.ts";

/** What the roles of a tenant hold, as it can be declared. */
export type Holdings = {
  /** Of every API resource there is. */
  readonly indicators: ReadonlySet<string>;
  /** By the role's name and the resource's indicator: names of scopes. */
  readonly roles: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
};

/**
 * Makes the `roles` of a declaration say what the roles hold. What is new comes last, by name.
 *
 * @param roles the map under `roles`, without aliases.
 * @param text what it was parsed from.
 * @returns whether anything had to be changed.
 */
export function updateRoles(roles: YAMLMap, holdings: Holdings, text: string): boolean {
  let hasChanged = keep(roles, text, ({ key }) => holdings.roles.has(textOf(key) ?? ""));
  for (const [role, resources] of byName(holdings.roles)) {
    const declared = roles.get(role, true);
    if (isMap(declared)) {
      hasChanged = updateRole(declared, resources, holdings, text) || hasChanged;
    } else {
      add(roles, role, newRole(resources));
      hasChanged = true;
    }
  }
  return hasChanged;
}

type Resources = ReadonlyMap<string, ReadonlySet<string>>;

function updateRole(
  declared: YAMLMap,
  resources: Resources,
  { indicators }: Holdings,
  text: string,
): boolean {
  const stays = ({ key }: Pair): boolean => {
    const name = textOf(key) ?? "";
    return name === "prune" || indicators.has(name);
  };
  let hasChanged = keep(declared, text, stays);
  for (const { key, value } of declared.items) {
    if (!isSeq(value)) continue;
    const held = resources.get(textOf(key) ?? "") ?? new Set();
    hasChanged = updateScopes(value, held, text) || hasChanged;
  }
  for (const [indicator, scopes] of byName(resources)) {
    if (declared.has(indicator)) continue;
    add(declared, indicator, newScopes(scopes));
    hasChanged = true;
  }
  return hasChanged;
}

function updateScopes(list: YAMLSeq, held: ReadonlySet<string>, text: string): boolean {
  const wasEmpty = list.items.length === 0;
  const hasLost = keep(list, text, (item) => held.has(textOf(item) ?? ""));
  const declared = new Set(list.items.map(textOf));
  const missing = [...held].filter((scope) => !declared.has(scope)).toSorted();
  if (wasEmpty && missing.length > 0) list.flow = false;
  for (const scope of missing) list.add(new Scalar(scope));
  return hasLost || missing.length > 0;
}

function newRole(resources: Resources): YAMLMap {
  const role = new YAMLMap();
  for (const [indicator, scopes] of byName(resources)) add(role, indicator, newScopes(scopes));
  return role;
}

function newScopes(scopes: ReadonlySet<string>): YAMLSeq {
  const list = new YAMLSeq();
  for (const scope of [...scopes].toSorted()) list.add(new Scalar(scope));
  return list;
}

/** An empty map stands as `{}`, and what comes into it would stand between the braces. */
function add(map: YAMLMap, name: string, value: Node): void {
  if (map.items.length === 0) map.flow = false;
  map.items.push(new Pair(new Scalar(name), value));
}

/** Takes out what does not stay. @returns whether there was any. */
function keep<Item>(
  collection: { items: Item[]; commentBefore?: string | null },
  text: string,
  stays: (item: Item) => boolean,
): boolean {
  const [first] = collection.items;
  const kept = collection.items.filter(stays);
  if (kept.length === collection.items.length) return false;
  if (first !== undefined && !stays(first)) {
    dropComment(collection, first, text);
    // The blank line stood between the two.
    const next = nodeOf(kept[0]);
    if (isNode(next)) next.spaceBefore = false;
  }
  collection.items = kept;
  return true;
}

/**
 * The library takes the comment above the first item for one of the whole collection. It goes with
 * the item, or it would stand above another.
 */
function dropComment(
  collection: { commentBefore?: string | null },
  first: unknown,
  text: string,
): void {
  const above = text
    .slice(0, offsetOf(nodeOf(first), 0))
    .split("\n")
    .slice(0, -1);
  const own = above.length - 1 - above.findLastIndex((line) => !/^\s*#/.test(line));
  const lines = collection.commentBefore?.split("\n") ?? [];
  const left = lines
    .slice(0, Math.max(0, lines.length - own))
    .join("\n")
    .trimEnd();
  collection.commentBefore = left === "" ? null : left;
}

/** Where an item of a map or a list begins. */
const nodeOf = (item: unknown): unknown => (isPair(item) ? item.key : item);

const byName = <Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] =>
  [...map].toSorted(([one], [other]) => (one < other ? -1 : 1));
