import * as v from "valibot";
import {
  conditionHolds,
  type IntrinsicScope,
  resolveIntrinsics,
} from "../../local/aws/intrinsics.ts";

const properties = v.optional(v.record(v.string(), v.unknown()), {});

const templateSchema = v.object({
  Resources: v.record(
    v.string(),
    v.looseObject({ Type: v.string(), Condition: v.optional(v.string()), Properties: properties }),
  ),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Outputs: v.optional(v.record(v.string(), v.looseObject({ Value: v.unknown() })), {}),
});

/** A CloudFormation template as it is uploaded. */
export type Template = v.InferOutput<typeof templateSchema>;

export const parseTemplate = (text: string): Template =>
  v.parse(v.pipe(v.string(), v.parseJson(), templateSchema), text);

/** A resource that will be made, its intrinsic functions replaced. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** `DependsOn`, `DeletionPolicy` and the like. */
  readonly attributes: Readonly<Record<string, unknown>>;
};

export const ACCOUNT = "000000000000";
export const REGION = "us-east-1";

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  "AWS::AccountId": ACCOUNT,
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::StackName": "stack",
  "AWS::URLSuffix": "amazonaws.com",
};

/** What a template comes to once it is deployed. */
export type Deployment = {
  readonly resources: readonly Resource[];
  /** @throws when the template makes no such resource. */
  readonly resource: (id: string) => Resource;
  readonly ofType: (type: string) => readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
};

/**
 * Resolves a template as CloudFormation would. A `Ref` becomes `ref:Id`, except for what goes by its
 * name, and an attribute `Id.Attribute`, except for what can be told: a queue's name and ARN.
 */
export function deploy(template: Template): Deployment {
  const scope: IntrinsicScope = {
    conditions: template.Conditions,
    ref: (id) => PSEUDO_PARAMETERS[id] ?? refOf(id),
    getAtt: attributeOf,
  };
  const nameOf = (id: string, property: string): string =>
    String(resolveIntrinsics(template.Resources[id]?.Properties[property], scope));
  function refOf(id: string): string {
    const type = template.Resources[id]?.Type;
    return type === "AWS::Lambda::Function" ? nameOf(id, "FunctionName") : `ref:${id}`;
  }
  function attributeOf(id: string, attribute: string): string {
    if (template.Resources[id]?.Type !== "AWS::SQS::Queue") return `${id}.${attribute}`;
    const name = nameOf(id, "QueueName");
    return attribute === "Arn" ? `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}` : name;
  }

  const resources = Object.entries(template.Resources)
    .filter(([, { Condition: name }]) => name === undefined || conditionHolds(name, scope))
    .map(([id, { Type: type, Properties: declared, ...attributes }]): Resource => {
      const resolved = v.parse(properties, resolveIntrinsics(declared, scope));
      return { id, type, properties: resolved, attributes };
    });
  return {
    resources,
    resource: (id) => {
      const found = resources.find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`The template makes no ${id}.`);
      return found;
    },
    ofType: (type) => resources.filter((candidate) => candidate.type === type),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([name, { Value: value }]) => [
        name,
        resolveIntrinsics(value, scope),
      ]),
    ),
  };
}
