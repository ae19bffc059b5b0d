import { describe, expect, test } from "vitest";
import { functionsOf } from "../functions.ts";
import { filesInZip, type PackagedStack } from "../package-stack.ts";
import type { Deployment } from "../template.ts";

const LARGEST_ZIP_BYTES = 250_000;

const NAMES = ["dead-letters", "invitations", "reconcile", "role-scopes"];

/** @param tracing whether the parameters ask for it. */
export function checkFunctions(packaged: PackagedStack, stack: Deployment, tracing: boolean): void {
  const functions = functionsOf(stack);

  test("the stack has these functions, and a zip for each", () => {
    expect(functions.map(({ name }) => name).toSorted()).toEqual(NAMES);
    expect([...packaged.zips.keys()].toSorted()).toEqual(NAMES);
  });

  describe.each(functions.map((own) => [own.name, own] as const))(
    "the function %s",
    (name, { id, properties }) => {
      test("runs on Node 24 and arm64, under its stage's name", () => {
        expect(properties).toMatchObject({
          Runtime: "nodejs24.x",
          Architectures: ["arm64"],
          FunctionName: `logto-onboarding-dev-${name}`,
          Handler: `functions/${name}.handler`,
          MemorySize: 256,
          Description: expect.stringMatching(/^[A-Z].*\.$/),
        });
      });

      test("logs JSON into a group of the stack that forgets", () => {
        expect(properties["LoggingConfig"]).toEqual({ LogFormat: "JSON" });
        const group = stack
          .ofType("AWS::Logs::LogGroup")
          .find(
            (candidate) =>
              candidate.properties["LogGroupName"] === `/aws/lambda/logto-onboarding-dev-${name}`,
          );
        expect(group?.properties["RetentionInDays"]).toBe(90);
        expect(stack.resource(id).attributes["DependsOn"]).toContain(group?.id);
      });

      test("traces where it is asked to", () => {
        expect(properties["TracingConfig"]).toEqual({ Mode: tracing ? "Active" : "PassThrough" });
      });

      test("is taken from a zip whose place says what is in it", () => {
        expect(JSON.stringify(properties["Code"])).toMatch(
          new RegExp(`/\\d+-[\\dT:.Z-]+-[0-9a-f]{16}/${name}\\.zip"`),
        );
      });

      test("is small, and whole: module, maps, licences", () => {
        expect(packaged.zips.get(name)?.byteLength).toBeLessThanOrEqual(LARGEST_ZIP_BYTES);
        const paths = Object.keys(filesInZip(packaged, name));
        expect(paths).toContain(`functions/${name}.mjs`);
        expect(paths).toContain(`functions/${name}.mjs.map`);
        expect(paths).toContain("THIRD-PARTY-LICENSES.txt");
        expect(
          paths.filter(
            (path) => !/^(?:functions\/.*\.mjs(?:\.map)?|THIRD-PARTY-LICENSES\.txt)$/.test(path),
          ),
        ).toEqual([]);
      });

      test("names the licence of every package in it", () => {
        const notices = filesInZip(packaged, name)["THIRD-PARTY-LICENSES.txt"] ?? "";
        for (const known of ["@middy/core", "valibot", "@aws-sdk/client-sqs", "@smithy/core"]) {
          expect(notices).toMatch(new RegExp(`^${known} \\d+\\.\\d+\\.\\d+$`, "m"));
        }
        expect(notices).toContain("Apache License");
        expect(notices).toContain("MIT");
        expect(notices).not.toContain("undefined");
      });
    },
  );

  test("packaging prints the size of each zip", () => {
    for (const name of NAMES) {
      expect(packaged.printed).toMatch(new RegExp(`^ *\\d+ KiB  .*${name}\\.zip$`, "m"));
    }
  });
}
