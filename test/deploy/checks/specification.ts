import { describe, expect, test } from "vitest";
import { attributesOf, problemsOf } from "../specification.ts";
import type { Deployment, Template } from "../template.ts";

/** What else a resource may have. */
const ATTRIBUTES = ["Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"];

/** The template against CloudFormation's own specification, as a linter would. */
export function checkSpecification(template: Template, stack: Deployment): void {
  describe("CloudFormation's specification", () => {
    test.each(stack.resources.map((resource) => [resource.id, resource] as const))(
      "knows %s and all of its properties",
      (_id, { type, properties, attributes }) => {
        expect(problemsOf(type, properties)).toEqual([]);
        expect(Object.keys(attributes).filter((name) => !ATTRIBUTES.includes(name))).toEqual([]);
      },
    );
  });

  describe("what the template refers to", () => {
    const calls = intrinsicCalls(template);
    const argumentsOf = (name: string) =>
      calls.filter((call) => call.name === name).map(({ argument }) => argument);
    const subs = argumentsOf("Fn::Sub").flatMap((argument) =>
      [
        ...String(Array.isArray(argument) ? argument[0] : argument).matchAll(/\$\{([^!}][^}]*)\}/g),
      ].map(([, reference = ""]) => reference),
    );
    const attributes = [
      ...argumentsOf("Fn::GetAtt").map((argument) => [argument].flat().join(".")),
      ...subs.filter((reference) => reference.includes(".")),
    ];
    const references = [
      ...argumentsOf("Ref").map(String),
      ...subs.filter((reference) => !reference.includes(".")),
    ];

    test("exists: resources and pseudo parameters", () => {
      const unknown = references.filter(
        (name) => !name.startsWith("AWS::") && !Object.hasOwn(template.Resources, name),
      );
      expect(unknown).toEqual([]);
      expect(references.length).toBeGreaterThan(20);
    });

    test("exists: attributes", () => {
      const unknown = attributes.filter((reference) => {
        const [id = "", ...attribute] = reference.split(".");
        const type = template.Resources[id]?.Type;
        return type === undefined || !attributesOf(type).includes(attribute.join("."));
      });
      expect(unknown).toEqual([]);
      expect(attributes.length).toBeGreaterThan(20);
    });

    test("exists: what a resource waits for", () => {
      const waitedFor = Object.values(template.Resources).flatMap(dependsOn);
      const unknown = waitedFor.filter((id) => !Object.hasOwn(template.Resources, id));
      expect(unknown).toEqual([]);
      expect(waitedFor.length).toBeGreaterThan(0);
    });

    test("exists: conditions, and each of them is used", () => {
      const used = [
        ...argumentsOf("Condition").filter((argument) => typeof argument === "string"),
        ...argumentsOf("Fn::If").map((argument) => (Array.isArray(argument) ? argument[0] : "")),
      ];
      expect([...new Set(used)].toSorted()).toEqual(Object.keys(template.Conditions).toSorted());
    });

    test("is only made where it is referred to, or the reference asks the same condition", () => {
      const made = new Set(stack.resources.map(({ id }) => id));
      // deploy() resolves what is used: a reference to what is not made would stand in it.
      const text = JSON.stringify([stack.resources, stack.outputs]);
      const absent = Object.keys(template.Resources).filter((id) => !made.has(id));
      expect(
        absent.filter((id) => text.includes(`"ref:${id}"`) || text.includes(`"${id}.`)),
      ).toEqual([]);
    });

    test("has no circle", () => {
      expect(circleIn(template)).toBeUndefined();
    });
  });

  test("the template is within CloudFormation's limits", () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
    expect(Object.keys(template.Outputs).length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(template).length).toBeLessThan(1_000_000);
  });
}

const dependsOn = ({ DependsOn: ids = [] }: Readonly<Record<string, unknown>>): string[] =>
  [ids].flat().map(String);

type Call = { readonly name: string; readonly argument: unknown };

/** Every intrinsic function in a value, and each resource's condition. */
function intrinsicCalls(value: unknown): readonly Call[] {
  if (Array.isArray(value)) return value.flatMap(intrinsicCalls);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, argument]) => [
    ...(name === "Ref" || name === "Condition" || name.startsWith("Fn::")
      ? [{ name, argument }]
      : []),
    ...intrinsicCalls(argument),
  ]);
}

/** A resource that waits for itself, by what it and others refer to. */
function circleIn({ Resources: resources }: Template): string | undefined {
  const neighbours = new Map(
    Object.entries(resources).map(([id, resource]) => {
      const text = JSON.stringify(resource);
      const named = Object.keys(resources).filter(
        (other) =>
          text.includes(`"Ref":"${other}"`) ||
          text.includes(`"Fn::GetAtt":["${other}"`) ||
          text.includes(`\${${other}.`) ||
          text.includes(`\${${other}}`) ||
          dependsOn(resource).includes(other),
      );
      return [id, named] as const;
    }),
  );
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    (neighbours.get(from) ?? []).some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return Object.keys(resources).find((id) => reaches(id, id, new Set()));
}
