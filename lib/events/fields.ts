import * as v from "valibot";
import { placeholderList, unknownPlaceholders } from "./link-template.ts";

/**
 * The fields that several event types share. Every message here is shown to whoever published the
 * event and may end in a log line or a queue attribute: it says what is expected, never what came.
 */

// Logto checks an invitee against this expression (packages/toolkit/core-kit, emailRegEx), so what
// passes here passes there.
const LOGTO_EMAIL = /^\S+@\S+\.\S+$/;

// Logto's database answers a NUL with a 500, and no name or address needs the other ones either.
// SQS takes neither of the two that end the basic plane.
const CONTROL_CHARACTER = /[\p{Cc}\uFFFE\uFFFF]/u;

const noControlCharacters = () =>
  v.check<string, string>(
    (value) => !CONTROL_CHARACTER.test(value) && value.isWellFormed(),
    "must not contain control characters or broken Unicode",
  );

/** A string of 1 to `maximum` characters without control characters. */
export const text = (maximum: number) =>
  v.pipe(
    v.string(),
    v.check((value) => value.trim() !== "", "must not be empty"),
    v.maxLength(maximum, `must have at most ${maximum} characters`),
    noControlCharacters(),
  );

/**
 * A list of at most so many. Its length is checked before anything that is in it: a message full of
 * wrong entries would otherwise be as many problems, and more memory than a function has.
 *
 * @param tooMany the message for a longer one.
 */
export const listOf = <Item extends v.GenericSchema>(
  item: Item,
  maximum: number,
  tooMany: string,
) =>
  v.pipe(
    v.custom<readonly v.InferInput<Item>[]>(Array.isArray, "must be a list"),
    v.maxLength(maximum, tooMany),
    v.array(item),
  );

/** A time as RFC 3339 writes it, with a time zone. */
export const timestamp = () =>
  v.pipe(
    v.string(),
    v.isoTimestamp("must be an RFC 3339 time with a time zone, such as 2026-01-31T09:00:00Z"),
    v.check(isOnTheCalendar, "must be a time that exists"),
  );

/** To JavaScript the 30th of February is the 2nd of March. */
function isOnTheCalendar(time: string): boolean {
  const [year = 0, month = 0, day = 0] = time.slice(0, 10).split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return !Number.isNaN(Date.parse(time)) && date.getUTCDate() === day;
}

/** An id that Logto made. Its database holds 21 characters and answers longer ones with an error. */
export const logtoId = () => text(21);

/** An organization role by its id or by its name. */
export const roleReference = () => text(128);

/**
 * The e-mail address of the person invited, trimmed and lower-cased: Logto takes another letter
 * case for another invitee and would invite the same person twice.
 */
export const invitee = () =>
  v.pipe(
    v.string(),
    v.trim(),
    v.toLowerCase(),
    v.minLength(1, "must not be empty"),
    v.maxLength(256, "must have at most 256 characters"),
    noControlCharacters(),
    v.regex(LOGTO_EMAIL, "must be an e-mail address"),
  );

/** A link, fixed or a template. */
const link = () =>
  v.pipe(
    text(2048),
    v.check(
      (value) => unknownPlaceholders(value).length === 0,
      `must have no other placeholders than ${placeholderList}`,
    ),
  );

const variable = () =>
  v.union(
    [text(2048), v.pipe(v.number(), v.finite()), v.boolean()],
    "must be text, a number or a boolean",
  );

/** The variables of an e-mail as an event gives them. */
export type MessageVariables = {
  readonly locale?: string | undefined;
  readonly link?: string | undefined;
  readonly [name: string]: string | number | boolean | undefined;
};

/**
 * What the e-mail says: the variables of Logto's template "OrganizationInvitation", of which
 * `locale` and `link` have a meaning to Logto itself.
 */
export const messagePayload = () =>
  v.pipe(
    // To the library a list is an object, too.
    v.custom<MessageVariables>((value) => !Array.isArray(value), "must be an object"),
    // Before they are looked at, as in a list.
    v.check((value) => Object.keys(value ?? {}).length <= 50, "must have at most 50 variables"),
    v.objectWithRest({ locale: v.optional(text(64)), link: v.optional(link()) }, variable()),
    v.check(
      (variables) => Object.keys(variables).every((name) => /^[A-Za-z_][\w-]{0,63}$/.test(name)),
      "must name its variables with letters, digits, - and _",
    ),
  );

/** The same, or `false` for no e-mail. */
export const message = () =>
  v.union(
    [v.literal(false), messagePayload()],
    "must be false, or an object of at most 50 variables of the e-mail",
  );

export type MessagePayload = v.InferOutput<ReturnType<typeof messagePayload>>;
