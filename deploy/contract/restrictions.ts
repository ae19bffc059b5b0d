import type { ConversionConfig, JsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { placeholderList } from "../../lib/events/link-template.ts";

/**
 * What the checks of the schemas are in JSON Schema. A check is known by its message; one that is not
 * known ends the conversion, so none is left out by mistake.
 *
 * A schema never refuses what the parser takes. Where JSON Schema can say less, it takes more: what
 * remains is told in the description of the event (see `STRICTER`). The patterns use nothing that a
 * regular expression of another language does not have, such as looking ahead.
 */
export const overrideAction: NonNullable<ConversionConfig["overrideAction"]> = ({
  valibotAction: action,
  jsonSchema,
  errors,
}) => {
  const message = "message" in action && typeof action.message === "string" ? action.message : "";
  if (action.type === "iso_timestamp") {
    return { ...jsonSchema, pattern: v.ISO_TIMESTAMP_REGEX.source };
  }
  if (SAID_ELSEWHERE.includes(action.type) || SAID_ELSEWHERE.includes(message)) return jsonSchema;
  // Of what was text before it was transformed. The field's description tells of it.
  if (action.type === "max_value" && jsonSchema.type === "string") return jsonSchema;
  const restrict = RESTRICTIONS[message];
  if (restrict !== undefined) return restrict(jsonSchema);
  if (errors !== undefined) {
    throw new Error(
      `The check "${message || action.type}" has no JSON Schema: add it to deploy/contract/restrictions.ts.`,
    );
  }
  return undefined;
};

/** What is converted otherwise than the library does. */
export const overrideSchema: NonNullable<ConversionConfig["overrideSchema"]> = ({
  valibotSchema: schema,
  errors,
}) => {
  // A value that does not fit counts as none, so every value is taken.
  if ("fallback" in schema) return {};
  // The beginning of a longer pipe: what comes next in it says more.
  if (schema.type === "custom") {
    return "check" in schema && schema.check === Array.isArray ? { type: "array" } : {};
  }
  if (errors !== undefined) {
    throw new Error(`A schema has no JSON Schema: ${errors.join(" ")}`);
  }
  return undefined;
};

/**
 * Where the parser is stricter than the schemas. Every event has it in its description; how long a
 * duration may be stands with its field.
 */
export const STRICTER: readonly string[] = [
  "Lengths of texts are counted in UTF-16 code units, where JSON Schema counts characters.",
  "A text must be well-formed Unicode.",
  "A date must exist: there is no 30th of February.",
  "The whole event may have at most 262144 bytes.",
];

const CONTROL = "\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff";

const NOT_BLANK = "\\S";
const NO_CONTROL = `^[^${CONTROL}]*$`;
const NOT_BLANK_NO_CONTROL = `^[^\\S${CONTROL}]*[^\\s${CONTROL}][^${CONTROL}]*$`;

const PRINTABLE = `[^\\s${CONTROL}]+`;
// White space around an address is cut off before anything else is checked.
const EMAIL = `^\\s*${PRINTABLE}@${PRINTABLE}\\.${PRINTABLE}\\s*$`;
const BOUNDED_EMAIL = "^\\s*\\S{5,256}\\s*$";

const TIME_OF_DURATION = "T(?:\\d+H(?:\\d+M)?(?:\\d+S)?|\\d+M(?:\\d+S)?|\\d+S)";
const DURATION = `^P(?:\\d+W|\\d+D(?:${TIME_OF_DURATION})?|${TIME_OF_DURATION})$`;

const placeholders = placeholderList.match(/\w+/g) ?? [];
// A brace that is not closed before the next one opens is text.
const LINK = `^[^{]*(?:\\{(?:${placeholders.join("|")})\\}[^{]*|\\{[^{}]*)*$`;

const JSON_MEDIA_TYPE =
  "^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/(?:[\\w.-]+\\+)?[Jj][Ss][Oo][Nn](?:\\s*;.*)?$";

/** Actions by type, and checks by message, that change nothing of what is accepted, or are in STRICTER. */
const SAID_ELSEWHERE: readonly string[] = ["trim", "to_lower_case", "transform", "finite"];

type Restrict = (schema: JsonSchema) => JsonSchema;

const also =
  (pattern: string): Restrict =>
  (schema) =>
    schema.pattern === undefined
      ? { ...schema, pattern }
      : { ...schema, allOf: [...(schema.allOf ?? []), { pattern }] };

const RESTRICTIONS: Readonly<Record<string, Restrict>> = {
  "must not be empty": (schema) => ({ ...schema, minLength: 1, pattern: NOT_BLANK }),
  "must not contain control characters or broken Unicode": (schema) => ({
    ...schema,
    pattern: schema.pattern === NOT_BLANK ? NOT_BLANK_NO_CONTROL : NO_CONTROL,
  }),
  "must be a time that exists": (schema) => schema,
  "must be an e-mail address": () => ({
    type: "string",
    pattern: EMAIL,
    allOf: [{ pattern: BOUNDED_EMAIL }],
  }),
  [`must have no other placeholders than ${placeholderList}`]: also(LINK),
  "must be application/json": (schema) => ({ ...schema, pattern: JSON_MEDIA_TYPE }),
  "must be an ISO 8601 duration such as P7D or PT12H": (schema) => ({
    ...schema,
    pattern: DURATION,
  }),
  "must have at most 50 variables": (schema) => ({ ...schema, maxProperties: 50 }),
  "must name its variables with letters, digits, - and _": (schema) => ({
    ...schema,
    propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,63}$" },
  }),
  "must not be given together with expiresIn": (schema) => ({
    ...schema,
    not: { required: ["expiresIn", "expiresAt"] },
  }),
};
