/** What a link may be filled with. The last two cost one more call to Logto. */
const PLACEHOLDERS = ["organizationId", "invitee", "invitationId", "oneTimeToken"] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Names in braces that no link can be filled with. */
export const unknownPlaceholders = (link: string): readonly string[] =>
  [...link.matchAll(PLACEHOLDER)]
    .map(([, name = ""]) => name)
    .filter((name) => !PLACEHOLDERS.some((known) => known === name));

export const hasPlaceholder = (link: string | undefined, placeholder: Placeholder): boolean =>
  link?.includes(`{${placeholder}}`) ?? false;

/** Fills in what is known, URL-encoded. A placeholder without a value is left as it is. */
export const fillLink = (
  link: string,
  values: Readonly<Partial<Record<Placeholder, string>>>,
): string =>
  PLACEHOLDERS.reduce((filled, name) => {
    const value = values[name];
    return value === undefined
      ? filled
      : filled.replaceAll(`{${name}}`, () => encodeURIComponent(value));
  }, link);

/** For people: what may stand in braces. */
export const placeholderList = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");
