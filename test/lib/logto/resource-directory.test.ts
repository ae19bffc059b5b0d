import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createResourceDirectory,
  type ResourceDirectory,
} from "../../../lib/logto/resource-directory.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { testClient } from "./test-client.ts";

const TTL_MS = 1_000;
const LIST = "GET /api/resources";
const ORDERS = "https://orders.example.com";
const FILES = "https://files.example.com";

let standIn: LogtoStandIn;
let now: number;
let directory: ResourceDirectory;

beforeEach(async () => {
  now = 0;
  standIn = await startLogtoStandIn();
  standIn.seed({
    resources: [
      {
        id: "orders",
        name: "Orders",
        indicator: ORDERS,
        scopes: [
          { id: "orders-read", name: "read" },
          { id: "orders-write", name: "write" },
        ],
      },
      {
        id: "files",
        name: "Files",
        indicator: FILES,
        scopes: [{ id: "files-read", name: "read" }],
      },
      { id: "bare", name: "Bare", indicator: "https://bare.example.com" },
    ],
  });
  directory = createResourceDirectory(TTL_MS, () => now);
});
afterEach(() => standIn.stop());

const findScopes = (...names: Parameters<ResourceDirectory["findScopes"]>[0]) =>
  directory.findScopes(names, testClient(standIn));
const findResources = (...indicators: string[]) =>
  directory.findResources(indicators, testClient(standIn));

test("scopes are found by resource and name, in the order asked for, with one call", async () => {
  const names = [
    { resource: FILES, scope: "read" },
    { resource: ORDERS, scope: "write" },
    { resource: ORDERS, scope: "read" },
    { resource: FILES, scope: "read" },
  ];
  expect(await findScopes(...names)).toEqual([
    "files-read",
    "orders-write",
    "orders-read",
    "files-read",
  ]);
  expect(standIn.calls.count(LIST)).toBe(1);
});

test("scopes are found by id, and an id is no name", async () => {
  expect(await findScopes("orders-read", "read")).toEqual(["orders-read", undefined]);
});

test("resources are found by indicator, to the letter", async () => {
  expect(await findResources(FILES, `${FILES}/`, ORDERS)).toEqual(["files", undefined, "orders"]);
});

test("a scope of a resource without any, or named like an object's own machinery, is unknown", async () => {
  const names = ["constructor", "__proto__", "toString"].flatMap((scope) => [
    { resource: ORDERS, scope },
    { resource: scope, scope: "read" },
    scope,
  ]);
  const found = await findScopes({ resource: "https://bare.example.com", scope: "read" }, ...names);
  expect(new Set(found)).toEqual(new Set([undefined]));
});

test("asking for nothing asks Logto for nothing", async () => {
  expect(await findScopes()).toEqual([]);
  expect(await findResources()).toEqual([]);
  expect(standIn.calls.count()).toBe(0);
});

describe("a question in which several things are unknown", () => {
  test("is one read more, on whatever clock", async () => {
    await findResources(ORDERS);
    const ticking = createResourceDirectory(TTL_MS, () => {
      now += 1;
      return now;
    });
    const unknown = Array.from({ length: 50 }, (_, n) => ({ resource: ORDERS, scope: `new-${n}` }));
    standIn.calls.reset();
    expect(await ticking.findScopes(unknown, testClient(standIn))).toEqual(
      unknown.map(() => undefined),
    );
    expect(standIn.calls.count(LIST)).toBe(1);
    expect(await ticking.findScopes(unknown, testClient(standIn))).toHaveLength(50);
    expect(standIn.calls.count(LIST)).toBe(2);
  });

  test("finds what is new among them and still tells what is not there", async () => {
    await findResources(ORDERS);
    standIn.seed({
      resources: [
        {
          id: "new",
          name: "New",
          indicator: "https://new.example.com",
          scopes: [{ id: "new-read", name: "read" }],
        },
      ],
    });
    now += 1;
    const names = ["read", "write"].map((scope) => ({
      resource: "https://new.example.com",
      scope,
    }));
    expect(await findScopes(...names, "orders-read")).toEqual([
      "new-read",
      undefined,
      "orders-read",
    ]);
  });
});

test("resources and scopes are of one and the same read, which is used while it is fresh", async () => {
  await findResources(ORDERS);
  await findScopes({ resource: FILES, scope: "read" });
  now += TTL_MS - 1;
  await findScopes("orders-write");
  expect(standIn.calls.count(LIST)).toBe(1);
  now += 1;
  await findScopes("orders-write");
  expect(standIn.calls.count(LIST)).toBe(2);
});
