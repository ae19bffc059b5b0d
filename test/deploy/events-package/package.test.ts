import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildEventsPackage } from "../../../deploy/events-package/build.ts";
import { packageReadme } from "../../../deploy/events-package/readme.ts";
import { parseEventBody } from "../../../lib/events/parse.ts";
import { runProgram } from "../../support/command-line.ts";
import { codeBlocks, localLinks } from "../../support/markdown.ts";
import { createProducer, type Producer } from "../../support/producer.ts";
import { type Queues, startQueues } from "../../support/queues.ts";

const root = join(import.meta.dirname, "..", "..", "..");

describe("the package of producers", { timeout: 120_000 }, () => {
  let producer: Producer;
  let queues: Queues;
  beforeAll(async () => {
    producer = await createProducer();
    queues = await startQueues();
  }, 120_000);
  afterAll(async () => {
    await queues?.stop();
    await producer?.remove();
  });

  test("publishes events of both queues from plain JavaScript", async () => {
    const invitations = await queues.create("package-invitations.fifo");
    const roleScopes = await queues.create("package-role-scopes.fifo");
    await producer.write("publish.js", PROGRAM);
    const { code, stderr } = await producer.run("publish.js", {
      ...queues.environment,
      INVITATIONS_QUEUE_URL: invitations,
      ROLE_SCOPES_QUEUE_URL: roleScopes,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const types = async (url: string) =>
      (await queues.drain(url)).map(({ Body = "" }) => {
        const parsed = parseEventBody(Body);
        return parsed.ok ? parsed.event.type : parsed.problems;
      });
    expect(await types(invitations)).toEqual(INVITATION_TYPES);
    expect(await types(roleScopes)).toEqual(ROLE_TYPES);
  });

  test("tells a producer every field that is wrong, and quotes none", async () => {
    await producer.write(
      "wrong.js",
      `import { InvalidEventError, invitationCreate } from "logto-onboarding/events";
       try {
         invitationCreate({ id: "1", source: "/crm", data: { organisationId: "acme", invitee: "ada" } });
       } catch (error) {
         console.log(error instanceof InvalidEventError, error.message);
       }`,
    );
    const { stdout } = await producer.run("wrong.js", {});
    expect(stdout).toBe(
      "true The event cannot be published: data.organizationId is required; data.invitee must be an e-mail address; data.organisationId is not a known field.\n",
    );
  });

  test("has types that take what the contract takes", async () => {
    await producer.write("publish.ts", PROGRAM);
    expect(await producer.check("publish.ts")).toMatchObject({ code: 0, stdout: "" });
  });

  test("has types that refuse what it does not take", async () => {
    await producer.write("wrong.ts", WRONG);
    const { stdout } = await producer.check("wrong.ts");
    const lines = [...stdout.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line));
    const expected = WRONG.split("\n").flatMap((line, index) =>
      line.includes("// wrong") ? [index + 1] : [],
    );
    expect([...new Set(lines)]).toEqual(expected);
  });

  test("has a README with the program for Node of the page", async () => {
    const page = await readFile(join(root, "docs", "publishing-events.md"), "utf8");
    const programs = (text: string) => codeBlocks(text).filter(({ language }) => language === "ts");
    const readme = await readFile(join(producer.packageDirectory, "README.md"), "utf8");
    expect(programs(readme)).toHaveLength(1);
    expect(programs(readme)).toEqual(programs(page));
    // A link of the page leads nowhere from the package.
    expect(localLinks(readme)).toEqual([]);
    expect(() => packageReadme("# Another page")).toThrow("has no program for Node");
  });

  test("names nothing but what it needs as its dependencies", async () => {
    const manifest = JSON.parse(
      await readFile(join(producer.packageDirectory, "package.json"), "utf8"),
    );
    expect(Object.keys(manifest.dependencies)).toEqual(["valibot"]);
    expect(Object.keys(manifest.peerDependencies)).toEqual(["@aws-sdk/client-sqs"]);
    const { types, default: entry } = manifest.exports["./events"];
    for (const file of [types, entry]) {
      expect(existsSync(join(producer.packageDirectory, file))).toBe(true);
    }
  });
});

test("this project itself exports the same two files, built before it is packed", () => {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(own.exports).toEqual({
    "./events": {
      types: "./dist/events/types/events/index.d.ts",
      default: "./dist/events/index.js",
    },
  });
  expect(own.files).toEqual(["dist/events"]);
  expect(own.scripts.prepack).toBe("npm run build:events");
});

test("the command line, installed as a package, says that it needs a clone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "onboarding-installed-"));
  try {
    const bin = join(directory, "node_modules", "logto-onboarding", "bin");
    await mkdir(bin, { recursive: true });
    await copyFile(join(root, "bin", "onboarding"), join(bin, "onboarding"));
    const result = await runProgram(join(bin, "onboarding"), ["status"]);
    expect(result).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "onboarding runs in a clone of logto-onboarding only: as a package it is for publishing events from Node.\n",
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the package is made of lib/events, the reader of durations, and packages by name", async () => {
  const directory = await mkdtemp(join(tmpdir(), "onboarding-events-"));
  try {
    const { inputs } = await buildEventsPackage(root, directory);
    const strangers = Object.keys(inputs).filter((path) => !path.startsWith("lib/events/"));
    expect(strangers).toEqual(["lib/runtime/duration.ts"]);
    const imported = Object.values(inputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external))
      .map(({ path }) => path);
    expect([...new Set(imported)].toSorted()).toEqual([
      "@aws-sdk/client-sqs",
      "node:crypto",
      "node:timers/promises",
      "valibot",
    ]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

const INVITATION_TYPES = ["create", "resend", "accept", "revoke", "delete"].map(
  (change) => `onboarding.invitation.${change}`,
);
const ROLE_TYPES = ["assign", "replace", "remove", "sync"].map(
  (change) => `onboarding.role-scopes.${change}`,
);

/** Valid JavaScript and valid TypeScript. */
const PROGRAM = `
import { SQSClient } from "@aws-sdk/client-sqs";
import * as events from "logto-onboarding/events";

const source = "/crm/contracts";
const which = { organizationId: "acme", invitee: "ada@example.com" };
const scopes = ["scope-1", { resource: "https://orders.example.com", scope: "read" }];
const roles = { role: "member", scopes };
const sqs = new SQSClient({});
const messages = [
  events.invitationCreate({
    id: "1",
    source,
    time: "2026-01-31T09:00:00Z",
    data: {
      ...which,
      organizationRoleIds: ["member"],
      expiresIn: "P7D",
      message: { locale: "en", seats: 5, trial: true },
      ifPending: "replace",
    },
  }),
  events.invitationResend({ id: "2", source, data: { ...which, message: { plan: "team" } } }),
  events.invitationAccept({ id: "3", source, data: { ...which, acceptedUserId: "ada" } }),
  events.invitationRevoke({ id: "4", source, data: which }),
  events.invitationDelete({ id: "5", source, data: { ...which, invitationId: "i" } }),
  events.roleScopesAssign({ id: "6", source, data: roles }),
  events.roleScopesReplace({ id: "7", source, data: roles }),
  events.roleScopesRemove({ id: "8", source, data: roles }),
  events.roleScopesSync({ id: "9", source, data: { ...roles, prune: ["https://orders.example.com"] } }),
];
const messageIds = await events.publishEvents(
  sqs,
  {
    invitations: process.env["INVITATIONS_QUEUE_URL"] ?? "",
    "role-scopes": process.env["ROLE_SCOPES_QUEUE_URL"] ?? "",
  },
  messages,
  { concurrency: 2 },
);
if (messageIds.length !== messages.length) throw new Error("some are missing");
`;

/** Each line with the comment is a mistake that the types tell. */
const WRONG = `
import { invitationCreate, roleScopesAssign } from "logto-onboarding/events";
const id = "1", source = "/crm";
const which = { organizationId: "acme", invitee: "ada@example.com" };
invitationCreate({ id, source, data: which });
invitationCreate({ id, source, data: { organizationId: "acme" } }); // wrong
invitationCreate({ id, source, data: { ...which, organizationRoleIds: [1] } }); // wrong
invitationCreate({ id, source, data: { ...which, message: true } }); // wrong
invitationCreate({ id, source, data: { ...which, message: { a: { b: 1 } } } }); // wrong
invitationCreate({ id, source, data: { ...which, ifPending: "ignore" } }); // wrong
invitationCreate({ id, source, data: { ...which, expiresInn: 1 } }); // wrong
invitationCreate({ source, data: which }); // wrong
roleScopesAssign({ id, source, data: { role: "member", scopes: [{ resource: "r" }] } }); // wrong
`;
