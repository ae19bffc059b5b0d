import { describe, expect, test } from "vitest";
import type { Deployment } from "../template.ts";

/** Names that the command line and operators rely on. */
const OUTPUTS: Readonly<Record<string, unknown>> = {
  InvitationsQueueUrl: "ref:InvitationsQueue",
  InvitationsDeadLetterQueueUrl: "ref:InvitationsDeadLetterQueue",
  RoleScopesQueueUrl: "ref:RoleScopesQueue",
  RoleScopesDeadLetterQueueUrl: "ref:RoleScopesDeadLetterQueue",
  InvitationsFunctionName: "logto-onboarding-dev-invitations",
  RoleScopesFunctionName: "logto-onboarding-dev-role-scopes",
  DeadLettersFunctionName: "logto-onboarding-dev-dead-letters",
  ReconcileFunctionName: "logto-onboarding-dev-reconcile",
  ReconcileFailuresQueueUrl: "ref:ReconcileFailuresQueue",
  ReconcileScheduleDeadLetterQueueUrl: "ref:ReconcileScheduleDeadLetterQueue",
};

/**
 * @param given what the parameters name instead of making it; nothing where the stack makes all.
 */
export function checkSecretAndOutputs(
  stack: Deployment,
  given: { readonly secret?: string; readonly topic?: string },
): void {
  describe("the secret", () => {
    const made = stack.ofType("AWS::SecretsManager::Secret");

    test(
      given.secret === undefined ? "is made, and empty" : "is not made where one is named",
      () => {
        if (given.secret !== undefined) return expect(made).toEqual([]);
        expect(made.map(({ properties }) => Object.keys(properties).toSorted())).toEqual([
          ["Description", "Name"],
        ]);
        expect(made[0]?.properties["Name"]).toBe("logto-onboarding/dev/logto");
      },
    );

    test("is the one that every function is told to read, and the output names", () => {
      const arn = given.secret ?? "ref:LogtoSecret";
      const told = stack
        .ofType("AWS::Lambda::Function")
        .map(({ properties }) => JSON.stringify(properties))
        .filter((text) => text.includes("LOGTO_SECRET_ID"));
      expect(told).not.toEqual([]);
      for (const text of told) expect(text).toContain(`"LOGTO_SECRET_ID":"${arn}"`);
      expect(stack.outputs["LogtoSecretArn"]).toBe(arn);
    });
  });

  test("the outputs have the names that the command line looks for", () => {
    expect(stack.outputs).toMatchObject(OUTPUTS);
    expect(stack.outputs["AlarmTopicArn"]).toBe(given.topic ?? "ref:AlarmTopic");
  });
}

/** @param policy what the parameters say of it. */
export function checkDeletion(stack: Deployment, policy: string): void {
  test("what nobody could bring back is kept as the parameter says, and never replaced away", () => {
    const kept = stack.resources.filter(({ attributes }) => "DeletionPolicy" in attributes);
    expect(kept.map(({ id }) => id).toSorted()).toEqual([
      "InvitationsDeadLetterQueue",
      "InvitationsQueue",
      "LogtoSecret",
      "RoleScopesDeadLetterQueue",
      "RoleScopesQueue",
    ]);
    for (const { attributes } of kept) {
      expect(attributes).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: "Retain" });
    }
  });
}
