/** A resource scope that a role holds. */
export type HeldScope = {
  readonly id: string;
  readonly resource: { readonly id: string };
};

/** What has to be written, as scope ids. */
export type Difference = {
  readonly assign: readonly string[];
  readonly remove: readonly string[];
};

/**
 * What is between the scopes that a role holds and those it should hold.
 *
 * @param wanted ids of the scopes it should hold.
 * @param prunes whether the scopes of a resource that are not wanted are to go; gets the resource's id.
 */
export const difference = (
  wanted: ReadonlySet<string>,
  held: readonly HeldScope[],
  prunes: (resourceId: string) => boolean,
): Difference => {
  const heldIds = new Set(held.map(({ id }) => id));
  return {
    assign: [...wanted].filter((id) => !heldIds.has(id)),
    remove: held
      .filter(({ id, resource }) => !wanted.has(id) && prunes(resource.id))
      .map(({ id }) => id),
  };
};
