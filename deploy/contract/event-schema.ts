import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { envelope } from "../../lib/events/envelope.ts";
import { type EventType, typedData } from "../../lib/events/event.ts";
import { eventDescriptions, fieldDescription } from "./descriptions.ts";
import { overrideAction, overrideSchema, STRICTER } from "./restrictions.ts";

/**
 * The JSON Schema (2020-12) of one event type: the whole CloudEvent with its `data`, made of the
 * schemas that parse events. It takes all that the parser takes, and what `STRICTER` tells besides.
 *
 * @throws when a check of those schemas, or the description of a field, is missing here.
 */
export function eventSchema(type: EventType): JsonSchema {
  const typed = typedData.options.find((option) => option.entries.type.literal === type);
  if (typed === undefined) throw new Error(`${type} is no type of the contract.`);
  const attributes = convert(envelope);
  const schema = described(type, {
    ...attributes,
    properties: {
      ...attributes.properties,
      type: { const: type },
      data: convert(typed.entries.data),
    },
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: type,
    description: `${eventDescriptions[type]}\n\nA CloudEvent 1.0 in JSON; other extension attributes are let through. The parser is stricter than this schema in a few things:\n${STRICTER.map((line) => `- ${line}`).join("\n")}`,
    ...schema,
  };
}

const convert = (schema: GenericSchema): JsonSchema =>
  toJsonSchema(schema, {
    target: "draft-2020-12",
    // The overrides throw themselves. What is left is that a pipe may have several schemas: each of
    // them says more of the same value, and the conversion puts that together.
    errorMode: "ignore",
    overrideAction,
    overrideSchema,
  });

/** The schema with the descriptions of all its fields, and without what only a schema file begins with. */
function described(type: EventType, schema: JsonSchema, path = ""): JsonSchema {
  const { $schema: _, properties, required = [], items, anyOf, ...rest } = schema;
  const inner = (value: JsonSchema | boolean) =>
    typeof value === "boolean" ? value : described(type, value, path);
  return {
    ...rest,
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(inner) }),
    ...(items === undefined || Array.isArray(items) ? {} : { items: inner(items) }),
    ...(required.length === 0 ? {} : { required }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => {
              const below = path === "" ? name : `${path}.${name}`;
              const description = fieldDescription(type, below);
              return [name, { description, ...described(type, objectOf(property), below) }];
            }),
          ),
        }),
  };
}

const objectOf = (schema: JsonSchema | boolean): JsonSchema =>
  typeof schema === "boolean" ? {} : schema;
