/** JSON as a publisher would write it: tests put wrong things into it on purpose. */
export type Json = { readonly [field: string]: unknown };

const createData = {
  organizationId: "acme",
  invitee: "ada@example.com",
} as const;

/**
 * A valid `onboarding.invitation.create` CloudEvent as plain JSON.
 *
 * @param overrides context attributes, and `data` whose fields are put over the valid ones. A field
 * that is `undefined` is left out.
 */
export function createEvent({ data = {}, ...attributes }: Json & { data?: Json } = {}): Json {
  return withoutUndefined({
    specversion: "1.0",
    id: "event-1",
    source: "/tests",
    type: "onboarding.invitation.create",
    ...attributes,
    data: withoutUndefined({ ...createData, ...data }),
  });
}

const withoutUndefined = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
