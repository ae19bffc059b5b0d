import { expect, test } from "vitest";
import { declaredRoleNames } from "../../../lib/role-scopes/declared-role-names.ts";

test("the roles of a file are named, whatever else is wrong with it", () => {
  expect(declaredRoleNames("purne: 1\nroles:\n  editor:\n  viewer: { x: y }\n")).toEqual([
    "editor",
    "viewer",
  ]);
});

test.each(["", "roles: [}", "roles:\n  - editor\n", "roles: 1", "[]"])(
  "there are none in %j",
  (text) => {
    expect(declaredRoleNames(text)).toEqual([]);
  },
);
