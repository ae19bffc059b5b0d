import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

/** CloudFormation's resource types and CloudWatch's metrics, as AWS publishes them. */
const specification = loadAwsServiceSpecSync();

const typesNamed = (name: string) =>
  specification.lookup("resource", "cloudFormationType", "equals", name);

type Properties = ReturnType<typeof typesNamed>[number]["properties"];
type PropertyType = Properties[string]["type"];

/** Whether AWS says that a service counts something under this name. */
export const isAwsMetric = (namespace: string, name: string): boolean =>
  specification
    .all("metric")
    .some((metric) => metric.namespace === namespace && metric.name === name);

/** The attributes of a resource type that `Fn::GetAtt` may ask for. */
export const attributesOf = (type: string): readonly string[] =>
  typesNamed(type).flatMap(({ attributes }) => Object.keys(attributes));

/**
 * What is wrong with a resource's properties, its intrinsic functions replaced: unknown and missing
 * ones, and values that are of another type than the property.
 */
export function problemsOf(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  const [resource] = typesNamed(type);
  if (resource === undefined) return [`${type} is not a resource type`];
  return problemsOfObject(resource.properties, properties, type);
}

function problemsOfObject(known: Properties, value: object, path: string): string[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && !Object.hasOwn(value, name))
    .map(([name]) => `${path}.${name} is missing`);
  const others = Object.entries(value).flatMap(([name, item]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    return property === undefined
      ? [`${path}.${name} is not a property`]
      : problemsOfValue(property.type, item, `${path}.${name}`);
  });
  return [...missing, ...others];
}

function problemsOfValue(type: PropertyType, value: unknown, path: string): string[] {
  const unless = (holds: boolean, expected: string): string[] =>
    holds ? [] : [`${path} is ${JSON.stringify(value)} and not ${expected}`];
  switch (type.type) {
    case "string":
    case "date-time":
      return unless(typeof value === "string", "text").concat(
        "allowedValues" in type ? unless(isAllowed(type.allowedValues, value), "allowed") : [],
      );
    case "integer":
      return unless(Number.isInteger(value), "a whole number").concat(
        unless(isAllowed(type.allowedValues, value), "allowed"),
      );
    case "number":
      return unless(typeof value === "number", "a number");
    case "boolean":
      return unless(typeof value === "boolean", "true or false");
    case "json":
      return unless(typeof value === "object" && value !== null, "an object");
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => problemsOfValue(type.element, item, `${path}[${index}]`))
        : unless(false, "a list");
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([name, item]) =>
            problemsOfValue(type.element, item, `${path}.${name}`),
          )
        : unless(false, "a map");
    case "ref":
      return isObject(value)
        ? problemsOfObject(
            specification.get("typeDefinition", type.reference).properties,
            value,
            path,
          )
        : unless(false, "an object");
    case "union": {
      const each = type.types.map((option) => problemsOfValue(option, value, path));
      return each.some((problems) => problems.length === 0) ? [] : (each[0] ?? []);
    }
    case "tag":
    case "null":
      return [];
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isAllowed = (allowed: readonly unknown[] | undefined, value: unknown): boolean =>
  allowed === undefined || allowed.includes(value);
