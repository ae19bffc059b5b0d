import * as v from "valibot";

/** What a template's functions can refer to. `undefined` means: there is no such thing here. */
export interface IntrinsicScope {
  /** Value of `Ref`: a logical id, or a pseudo parameter such as `AWS::Region`. */
  ref(name: string): string | undefined;
  /** Value of `Fn::GetAtt`. */
  getAtt(logicalId: string, attribute: string): string | undefined;
  /** The template's Conditions section. */
  conditions: Record<string, unknown>;
}

/** A reference to something that does not exist locally: an SNS topic, a schedule, a misspelling. */
export class UnresolvedReferenceError extends Error {
  readonly reference: string;

  constructor(reference: string) {
    super(`${reference} refers to something that does not exist in the local stack.`);
    this.name = "UnresolvedReferenceError";
    this.reference = reference;
  }
}

const NO_VALUE = Symbol("AWS::NoValue");

/**
 * Replaces CloudFormation's intrinsic functions in a value: Ref, Fn::GetAtt, Fn::Sub, Fn::Join,
 * Fn::If and, inside conditions, Fn::Equals, Fn::Not, Fn::And, Fn::Or and Condition. Any other `Fn::`
 * is an error. What is `AWS::NoValue` is left out.
 *
 * @throws {UnresolvedReferenceError} for a reference the scope does not know
 */
export function resolveIntrinsics(value: unknown, scope: IntrinsicScope): unknown {
  const resolved = resolve(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Whether a condition of the template holds. */
export function conditionHolds(name: string, scope: IntrinsicScope): boolean {
  if (!Object.hasOwn(scope.conditions, name))
    throw new UnresolvedReferenceError(`Condition ${name}`);
  return holds(scope.conditions[name], scope);
}

function resolve(value: unknown, scope: IntrinsicScope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== "object" || value === null) return value;
  const call = asCall(value);
  if (call) return resolveCall(call.name, call.argument, scope);
  const entries = Object.entries(value)
    .map(([key, item]) => [key, resolve(item, scope)] as const)
    .filter(([, item]) => item !== NO_VALUE);
  return Object.fromEntries(entries);
}

function asCall(value: object): { name: string; argument: unknown } | undefined {
  const [entry, second] = Object.entries(value);
  if (!entry || second) return undefined;
  const [name, argument] = entry;
  const isCall = name === "Ref" || name === "Condition" || name.startsWith("Fn::");
  // A policy statement has a `Condition` too; CloudFormation's holds a name.
  return isCall && !(name === "Condition" && typeof argument !== "string")
    ? { name, argument }
    : undefined;
}

function resolveCall(name: string, argument: unknown, scope: IntrinsicScope): unknown {
  switch (name) {
    case "Ref":
      return argument === "AWS::NoValue" ? NO_VALUE : ref(read(name, v.string(), argument), scope);
    case "Fn::GetAtt":
      return getAtt(read(name, getAttArgument, argument), scope);
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::Join": {
      const [separator, parts] = read(name, joinArgument, resolve(argument, scope));
      return parts.join(separator);
    }
    case "Fn::If": {
      const [condition, whenTrue, whenFalse] = read(name, ifArgument, argument);
      return resolve(conditionHolds(condition, scope) ? whenTrue : whenFalse, scope);
    }
    case "Condition":
    case "Fn::Equals":
    case "Fn::Not":
    case "Fn::And":
    case "Fn::Or":
      return holds({ [name]: argument }, scope);
    default:
      throw new Error(`${name} is not supported by the local stack.`);
  }
}

function holds(condition: unknown, scope: IntrinsicScope): boolean {
  const call = typeof condition === "object" && condition !== null ? asCall(condition) : undefined;
  const argument = call?.argument;
  switch (call?.name) {
    case "Condition":
      return conditionHolds(read("Condition", v.string(), argument), scope);
    case "Fn::Equals": {
      const [left, right] = read("Fn::Equals", equalsArgument, resolve(argument, scope));
      return String(left) === String(right);
    }
    case "Fn::Not":
      return !holds(read("Fn::Not", v.tuple([v.unknown()]), argument)[0], scope);
    case "Fn::And":
      return read("Fn::And", conditions, argument).every((part) => holds(part, scope));
    case "Fn::Or":
      return read("Fn::Or", conditions, argument).some((part) => holds(part, scope));
    default:
      throw new Error(`${JSON.stringify(condition)} is not a condition the local stack knows.`);
  }
}

function ref(name: string, scope: IntrinsicScope): string {
  const value = scope.ref(name);
  if (value === undefined) throw new UnresolvedReferenceError(`Ref ${name}`);
  return value;
}

function getAtt([logicalId, attribute]: [string, string], scope: IntrinsicScope): string {
  const value = scope.getAtt(logicalId, attribute);
  if (value !== undefined) return value;
  throw new UnresolvedReferenceError(`Fn::GetAtt ${logicalId}.${attribute}`);
}

function substitute(argument: unknown, scope: IntrinsicScope): string {
  const [text, variables] = read("Fn::Sub", subArgument, argument);
  // ${!Name} is how a template writes a literal ${Name}.
  return text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return String(resolve(variables[name], scope));
    return name.includes(".") ? getAtt(splitAttribute(name), scope) : ref(name, scope);
  });
}

function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}

const getAttArgument = v.union([
  v.tuple([v.string(), v.string()]),
  v.pipe(v.string(), v.includes("."), v.transform(splitAttribute)),
]);
const joinArgument = v.tuple([v.string(), v.array(v.union([v.string(), v.number()]))]);
const ifArgument = v.tuple([v.string(), v.unknown(), v.unknown()]);
const equalsArgument = v.tuple([v.unknown(), v.unknown()]);
const conditions = v.array(v.unknown());
const subVariables = v.record(v.string(), v.unknown());
const subArgument = v.union([
  v.pipe(
    v.string(),
    v.transform((text): [string, Record<string, unknown>] => [text, {}]),
  ),
  v.tuple([v.string(), subVariables]),
]);

function read<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
  argument: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, argument);
  if (parsed.success) return parsed.output;
  throw new Error(`${name} cannot take ${JSON.stringify(argument)}.`);
}
