import { describe, expect, test } from "vitest";
import { functionsOf, roleOf, type Statement, statementsOf } from "../functions.ts";
import { actionsCalled } from "../own-sources.ts";
import type { PackagedStack } from "../package-stack.ts";
import { ACCOUNT, type Deployment, REGION } from "../template.ts";

/** What Lambda itself does in a function's name. */
const OF_LAMBDA = {
  log: ["logs:CreateLogStream", "logs:PutLogEvents"],
  queue: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
  traces: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  key: ["kms:Decrypt", "kms:GenerateDataKey"],
} as const;

/** What the code calls where a deployment asks for it. */
const ASKED_FOR = ["sns:Publish", "events:PutEvents"];

/** X-Ray has no resource that a policy could name. */
const WITHOUT_RESOURCES = "xray:";

const arnOfQueue = (name: string) =>
  `arn:aws:sqs:${REGION}:${ACCOUNT}:logto-onboarding-dev-${name}`;
const queueArn = (name: string) => arnOfQueue(`${name}.fifo`);
const logArn = (name: string) =>
  `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/logto-onboarding-dev-${name}:*`;

const ofQueueFunction = (name: string) => [
  [logArn(name), ["logs:CreateLogStream", "logs:PutLogEvents"]],
  [
    queueArn(name),
    [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ],
  ],
  [queueArn(`${name}-dead-letters`), ["sqs:SendMessage"]],
  ["ref:LogtoSecret", ["secretsmanager:GetSecretValue"]],
];

const ON_DEAD_LETTERS = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ReceiveMessage",
];

/** All that each function may do when no parameter asks for more: resource by resource. */
const EXPECTED: Readonly<Record<string, unknown>> = {
  invitations: ofQueueFunction("invitations"),
  "role-scopes": ofQueueFunction("role-scopes"),
  "dead-letters": [
    [logArn("dead-letters"), ["logs:CreateLogStream", "logs:PutLogEvents"]],
    [queueArn("invitations"), ["sqs:SendMessage"]],
    [queueArn("invitations-dead-letters"), ON_DEAD_LETTERS],
    [queueArn("role-scopes"), ["sqs:SendMessage"]],
    [queueArn("role-scopes-dead-letters"), ON_DEAD_LETTERS],
  ],
  reconcile: [
    [logArn("reconcile"), ["logs:CreateLogStream", "logs:PutLogEvents"]],
    [queueArn("invitations"), ["sqs:SendMessage"]],
    [queueArn("role-scopes"), ["sqs:SendMessage"]],
    [arnOfQueue("reconcile-failures"), ["sqs:SendMessage"]],
    ["ref:LogtoSecret", ["secretsmanager:GetSecretValue"]],
  ],
};

/** Each resource that statements name, with the actions allowed on it. */
function byResource(statements: readonly Statement[]) {
  const pairs = statements.flatMap(({ Action: actions, Resource: resources }) =>
    resources.flatMap((resource) => actions.map((action) => [resource, action] as const)),
  );
  return [...Map.groupBy(pairs, ([resource]) => resource)]
    .map(([resource, own]) => [resource, own.map(([, action]) => action).toSorted()] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const sorted = (expected: unknown): unknown =>
  Array.isArray(expected)
    ? expected.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
    : expected;

/** @param extras whether the parameters ask for everything beyond the defaults. */
export function checkRoles(packaged: PackagedStack, stack: Deployment, extras: boolean): void {
  const functions = functionsOf(stack);
  const isQueueFunction = (name: string) => name === "invitations" || name === "role-scopes";

  test("every function has a role of its own, named so that IAM takes it", () => {
    const roles = functions.map((own) => roleOf(stack, own));
    expect(new Set(roles.map(({ id }) => id)).size).toBe(functions.length);
    for (const { properties } of stack.ofType("AWS::IAM::Role")) {
      expect(String(properties["RoleName"]).length).toBeLessThanOrEqual(64);
      expect(properties["RoleName"]).toContain(`-${REGION}-`);
      expect(properties).not.toHaveProperty("ManagedPolicyArns");
    }
    expect(stack.ofType("AWS::IAM::Policy")).toEqual([]);
  });

  describe.each(functions.map((own) => [own.name, own] as const))("the role of %s", (name, own) => {
    const statements = statementsOf(roleOf(stack, own));
    const allowed = [...new Set(statements.flatMap(({ Action: actions }) => actions))].toSorted();
    const called = actionsCalled(packaged, name);

    test("is Lambda's to take", () => {
      expect(roleOf(stack, own).properties["AssumeRolePolicyDocument"]).toEqual({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      });
    });

    test("allows whole actions on whole resources", () => {
      for (const { Effect: effect, Action: actions } of statements) {
        expect(effect).toBe("Allow");
        for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
      }
      const withStars = byResource(statements).filter(([resource]) => resource.includes("*"));
      for (const [resource, actions] of withStars) {
        // The log streams of the function's own log group, which Lambda names.
        if (resource === logArn(name)) continue;
        expect(resource).toBe("*");
        expect(actions.filter((action) => !action.startsWith(WITHOUT_RESOURCES))).toEqual([]);
      }
    });

    test("allows every call that the code makes", () => {
      const needed = called.filter((action) => extras || !ASKED_FOR.includes(action));
      expect(needed.filter((action) => !allowed.includes(action))).toEqual([]);
    });

    test("allows nothing that neither the code nor Lambda does", () => {
      const needed = [
        ...called,
        ...OF_LAMBDA.log,
        ...(isQueueFunction(name) ? OF_LAMBDA.queue : []),
        ...(extras ? [...OF_LAMBDA.traces, ...OF_LAMBDA.key] : []),
      ];
      expect(allowed.filter((action) => !needed.includes(action))).toEqual([]);
    });

    if (!extras) {
      test("allows this, and no more", () => {
        expect(byResource(statements)).toEqual(sorted(EXPECTED[name]));
      });
    }
  });

  test("only the queue functions and reconcile may read the secret", () => {
    const readers = functions.filter((own) =>
      JSON.stringify(statementsOf(roleOf(stack, own))).includes("secretsmanager:"),
    );
    expect(readers.map(({ name }) => name).toSorted()).toEqual([
      "invitations",
      "reconcile",
      "role-scopes",
    ]);
  });
}
