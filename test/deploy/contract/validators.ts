import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import { contractFiles } from "../../../deploy/contract/files.ts";
import { type EventType, eventTypes } from "../../../lib/events/event.ts";

/** The published schemas, as a producer would use them: by type, whether they take a value. */
export function schemaValidators(): Readonly<Record<string, (value: unknown) => boolean>> {
  const files = contractFiles();
  // 2020-12 has formats as annotations.
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    validateFormats: false,
  });
  const compile = (type: EventType) => {
    const schema: AnySchema = JSON.parse(files[`events/schemas/${type}.schema.json`] ?? "null");
    const validate = ajv.compile(schema);
    return (value: unknown): boolean => validate(value) === true;
  };
  return Object.fromEntries(eventTypes.map((type) => [type, compile(type)]));
}
