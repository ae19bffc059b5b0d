import { expect, test } from "vitest";
import {
  conditionHolds,
  resolveIntrinsics,
  UnresolvedReferenceError,
} from "../../../local/aws/intrinsics.ts";

const scope = {
  ref: (name: string) => ({ "AWS::Region": "eu-west-1", Orders: "http://queue" })[name],
  getAtt: (id: string, attribute: string) =>
    id === "Orders" && attribute === "Arn" ? "arn:orders" : undefined,
  conditions: {
    IsProduction: { "Fn::Equals": ["dev", "production"] },
    IsNotProduction: { "Fn::Not": [{ Condition: "IsProduction" }] },
    Both: { "Fn::And": [{ Condition: "IsNotProduction" }, { "Fn::Equals": [1, "1"] }] },
    Either: { "Fn::Or": [{ Condition: "IsProduction" }, { Condition: "Both" }] },
  },
};

test.each([
  ["a plain value", 7, 7],
  ["Ref", { Ref: "Orders" }, "http://queue"],
  ["Fn::GetAtt with a list", { "Fn::GetAtt": ["Orders", "Arn"] }, "arn:orders"],
  ["Fn::GetAtt with a dot", { "Fn::GetAtt": "Orders.Arn" }, "arn:orders"],
  [
    "Fn::Sub",
    { "Fn::Sub": `\${Orders.Arn}/\${AWS::Region}/\${!Kept}` },
    `arn:orders/eu-west-1/\${Kept}`,
  ],
  ["Fn::Sub with variables", { "Fn::Sub": [`\${A}`, { A: { Ref: "Orders" } }] }, "http://queue"],
  ["Fn::Join", { "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }]] }, "a-eu-west-1"],
  ["Fn::If, true", { "Fn::If": ["IsNotProduction", { Ref: "Orders" }, 2] }, "http://queue"],
  ["Fn::If, false", { "Fn::If": ["IsProduction", { Ref: "Nothing" }, 2] }, 2],
  ["AWS::NoValue", { a: { Ref: "AWS::NoValue" }, b: [1, { Ref: "AWS::NoValue" }] }, { b: [1] }],
  ["depth", { a: [{ b: { Ref: "Orders" } }] }, { a: [{ b: "http://queue" }] }],
  [
    "a policy's own Condition",
    { Condition: { StringEquals: { x: "y" } } },
    { Condition: { StringEquals: { x: "y" } } },
  ],
])("%s is resolved", (_what, value, expected) => {
  expect(resolveIntrinsics(value, scope)).toEqual(expected);
});

test.each([
  ["IsProduction", false],
  ["IsNotProduction", true],
  ["Both", true],
  ["Either", true],
])("the condition %s is %s", (name, expected) => {
  expect(conditionHolds(name, scope)).toBe(expected);
});

test.each([
  ["Ref Topic", { Ref: "Topic" }],
  ["Fn::GetAtt Orders.Colour", { "Fn::GetAtt": ["Orders", "Colour"] }],
  ["Ref Topic", { "Fn::Sub": `\${Topic}` }],
  ["Condition Unknown", { "Fn::If": ["Unknown", 1, 2] }],
])("%s is an error that names it", (reference, value) => {
  expect(() => resolveIntrinsics(value, scope)).toThrow(UnresolvedReferenceError);
  expect(() => resolveIntrinsics(value, scope)).toThrow(reference);
});

test("a function that is not supported is an error that names it", () => {
  expect(() => resolveIntrinsics({ "Fn::ImportValue": "x" }, scope)).toThrow("Fn::ImportValue");
});
