/** Logto's database holds so many characters of an organization role's name. */
export const ROLE_NAME_LENGTH = 128;

/** Logto's database holds so many characters of a scope's name. */
export const SCOPE_NAME_LENGTH = 256;

/**
 * An absolute URI: a scope of letters and a colon, then no white space and no control character.
 * `role-scopes.schema.json` has the same expression.
 */
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\u007F-\u009F]+$/;

/** Whether an API resource can be declared by this indicator. */
export const isResourceIndicator = (text: string): boolean =>
  ABSOLUTE_URI.test(text) && !/\p{Cc}/u.test(text);

/** Whether a text has 1 to `maximum` characters, counted as Logto's database and JSON Schema do. */
export function isNameOf(maximum: number, text: string): boolean {
  // The spread counts characters, `length` the halves of an emoji.
  return text !== "" && (text.length <= maximum || [...text].length <= maximum);
}

/** A name for a person to read: in quotes where it would be mistaken for something else. */
export const shownName = (name: string): string =>
  /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(name) && !/["\\,]/.test(name) ? name : quotedName(name);

/** A name in double quotes, and nothing in it that a terminal would take for an order. */
export const quotedName = (name: string): string => `"${printable(name).replaceAll('"', '\\"')}"`;

/** A text without what a terminal would take for an order: escaped as in JavaScript. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
