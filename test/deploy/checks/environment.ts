import { describe, expect, test } from "vitest";
import { functionsOf } from "../functions.ts";
import { variablesRead } from "../own-sources.ts";
import type { PackagedStack } from "../package-stack.ts";
import type { Deployment } from "../template.ts";

/** Lambda sets these itself. */
const OF_LAMBDA = ["AWS_LAMBDA_FUNCTION_NAME"];

/** Node reads these, and no code of ours. */
const OF_NODE = ["NODE_OPTIONS"];

export function checkEnvironment(packaged: PackagedStack, stack: Deployment): void {
  describe.each(functionsOf(stack).map((own) => [own.name, own] as const))(
    "the environment of %s",
    (name, { properties }) => {
      const variables = Object.keys(properties.Environment.Variables).toSorted();
      const read = variablesRead(packaged, name).filter(
        (variable) => !OF_LAMBDA.includes(variable),
      );

      test("has every variable that the code reads", () => {
        expect(read.filter((variable) => !variables.includes(variable))).toEqual([]);
      });

      test("has no variable that nobody reads", () => {
        const known = [...read, ...OF_NODE];
        expect(variables.filter((variable) => !known.includes(variable))).toEqual([]);
      });

      test("holds no secret", () => {
        expect(Object.keys(properties.Environment.Variables).join()).not.toMatch(
          /APP_SECRET|PASSWORD|TOKEN/,
        );
      });
    },
  );
}
