import * as v from "valibot";
import type { Deployment, Resource } from "./template.ts";

const functionProperties = v.looseObject({
  FunctionName: v.string(),
  Handler: v.string(),
  Timeout: v.number(),
  Role: v.string(),
  Environment: v.object({ Variables: v.record(v.string(), v.union([v.string(), v.number()])) }),
});

/** A Lambda function of the stack. */
export type DeployedFunction = {
  /** As in serverless.yml. */
  readonly name: string;
  readonly id: string;
  readonly properties: v.InferOutput<typeof functionProperties>;
};

export const functionsOf = (stack: Deployment): readonly DeployedFunction[] =>
  stack.ofType("AWS::Lambda::Function").map(({ id, properties }) => {
    const parsed = v.parse(functionProperties, properties);
    return {
      name: parsed.Handler.replace(/^functions\/(.*)\.handler$/, "$1"),
      id,
      properties: parsed,
    };
  });

const statement = v.object({
  Sid: v.string(),
  Effect: v.string(),
  Action: list(),
  Resource: list(),
  Condition: v.optional(v.unknown()),
});

/** A statement of a policy, each action and resource in a list. */
export type Statement = v.InferOutput<typeof statement>;

const roleProperties = v.looseObject({
  RoleName: v.string(),
  AssumeRolePolicyDocument: v.object({ Statement: v.array(v.unknown()) }),
  Policies: v.array(v.object({ PolicyDocument: v.object({ Statement: v.array(statement) }) })),
});

export const statementsOf = (role: Resource): readonly Statement[] =>
  v
    .parse(roleProperties, role.properties)
    .Policies.flatMap(({ PolicyDocument: { Statement: statements } }) => statements);

/** The role that a function takes. */
export const roleOf = (stack: Deployment, { properties }: DeployedFunction): Resource =>
  stack.resource(properties.Role.replace(/\.Arn$/, ""));

function list() {
  return v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((given) => [given].flat()),
  );
}
