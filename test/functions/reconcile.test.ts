import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAwsClients } from "../../local/aws/clients.ts";
import { type Container, startContainer } from "../../local/aws/container.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { type InvocationLog, invocationLog } from "../support/invocation-log.ts";
import { type Queues, startQueues } from "../support/queues.ts";

const DAY_MS = 86_400_000;
const API = "https://api.example.com";
const CANARY = "canary";

const declaration = `roles: { editor: { prune: true, "${API}": [read] } }`;
const scopes = ["read", "write", "delete", "list", "share"].map((name) => ({ id: name, name }));

let queues: Queues;
let logto: LogtoStandIn;
let directory: string;
let environment: Record<string, string>;
let log: InvocationLog;
let container: Container;

const start = (onLine: (line: string) => void): Container =>
  startContainer({
    handler: "functions/reconcile.handler",
    environment,
    timeoutSeconds: 900,
    onLine,
  });

beforeAll(async () => {
  queues = await startQueues();
  logto = await startLogtoStandIn({ emailDelayMs: 0 });
  directory = await mkdtemp(join(tmpdir(), "onboarding-reconcile-"));
  await writeFile(join(directory, "roles.yml"), declaration);
  const { endpoint, app } = logto;
  const clients = createAwsClients(queues.standIn);
  await clients.secretsManager.send(
    new CreateSecretCommand({
      Name: "tests/logto",
      SecretString: JSON.stringify({ endpoint, appId: app.id, appSecret: app.secret }),
    }),
  );
  clients.destroy();
  environment = {
    ...queues.environment,
    LOGTO_SECRET_ID: "tests/logto",
    INVITATIONS_QUEUE_URL: await queues.create("invitations.fifo"),
    ROLE_SCOPES_QUEUE_URL: await queues.create("role-scopes.fifo"),
    INVITATION_REMIND_AFTER: "P3D,P6D",
    INVITATION_RENEW_EXPIRED_WITHIN: "P2D",
    INVITATION_DELETE_ENDED_AFTER: "P90D",
    ROLE_SCOPES_FILE: join(directory, "roles.yml"),
  };
  logto.seed({
    organizations: [{ id: "acme", name: "Acme" }],
    resources: [{ name: "API", indicator: API, scopes }],
    roles: [{ id: "editor", name: "editor", resourceScopeIds: scopes.map(({ id }) => id) }],
    invitations: [
      { id: "day-3", createdAt: -3 * DAY_MS - 900_000, expiresAt: 9 * DAY_MS },
      { id: "expired", createdAt: -8 * DAY_MS, expiresAt: -DAY_MS },
      { id: "old", createdAt: -200 * DAY_MS, expiresAt: -190 * DAY_MS },
    ].map(({ id, createdAt, expiresAt }) => ({
      id,
      organizationId: "acme",
      invitee: `${id}.${CANARY}@example.com`,
      createdAt: Date.now() + createdAt,
      expiresAt: Date.now() + expiresAt,
    })),
  });
  log = invocationLog();
  container = start(log.onLine);
});
afterAll(async () => {
  await container.stop();
  await logto.stop();
  await queues.stop();
  await rm(directory, { recursive: true });
});

const scheduled = () => ({ scheduledTime: new Date().toISOString() });
const queued = async () => {
  const drained = await Promise.all(
    ["INVITATIONS_QUEUE_URL", "ROLE_SCOPES_QUEUE_URL"].map((name) =>
      queues.drain(environment[name] ?? ""),
    ),
  );
  return drained.flat().map(({ Body = "" }): string => JSON.parse(Body).id);
};
const found = ["delete:old", "remind:day-3:P3D", "renew:expired"];

describe("functions/reconcile", () => {
  beforeEach(async () => {
    logto.faults.clear();
    await queued();
  });

  test("publishes nothing in a dry run, and tells what it would", async () => {
    const since = new Date(Date.now() - DAY_MS / 24).toISOString();
    const until = new Date().toISOString();
    const answer = await container.invoke({ dryRun: true, since, until, allowRemovals: 4 });
    expect(answer).toMatchObject({
      dryRun: true,
      complete: true,
      published: {
        "onboarding.role-scopes.sync": 1,
        "onboarding.invitation.resend": 1,
        "onboarding.invitation.create": 1,
        "onboarding.invitation.delete": 1,
      },
    });
    expect(await queued()).toEqual([]);
  });

  test("does the work of a scheduled time once, also in two containers at once", async () => {
    const other = start(() => {});
    const payload = scheduled();
    const answers = await Promise.all([container.invoke(payload), other.invoke(payload)]);
    await other.stop();
    expect((await queued()).toSorted()).toEqual(found);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        complete: true,
        roleScopes: { driftedRoles: 1, refused: expect.stringContaining("removes 4 of the 5") },
        invitations: { read: 3, reminders: { due: 1 } },
      });
    }
  });

  test("publishes a refused plan when it is agreed to, by hand", async () => {
    await container.invoke({ allowRemovals: 4, only: "role-scopes" });
    expect(await queued()).toEqual([expect.stringMatching(/^sync:editor:/)]);
  });

  test.each([
    ["a misspelt option", { dryrun: true }, "dryrun is not a known field"],
    ["a time to come", { scheduledTime: "2999-01-01T00:00:00Z" }, "lies in the future"],
  ])("refuses %s, and does nothing", async (_what, payload, words) => {
    await expect(container.invoke(payload)).rejects.toMatchObject({
      errorType: "InvalidOptionsError",
      message: expect.stringContaining(words),
    });
    expect(await queued()).toEqual([]);
    expect(log.text()).not.toContain("No application metrics");
  });

  test("leaves what there is no time for to the next run", async () => {
    const answer = await container.invoke({}, { deadlineMs: Date.now() + 10_000 });
    expect(answer).toMatchObject({ complete: false, published: {} });
    expect(await queued()).toEqual([]);
  });

  test("fails for its schedule when Logto does, so that it is run again; by hand it answers", async () => {
    const action = { kind: "answer", status: 500, body: "Internal Server Error" } as const;
    logto.faults.add({ on: "GET /api/organization-invitations", action });
    await expect(container.invoke(scheduled())).rejects.toMatchObject({
      errorType: "ReconcileError",
      message: expect.stringContaining("GET /api/organization-invitations: 500"),
    });
    expect(await container.invoke({})).toMatchObject({
      complete: false,
      invitations: { failed: expect.stringContaining("500") },
    });
  });
});

describe("its log", () => {
  let own: InvocationLog;
  beforeAll(async () => {
    logto.faults.clear();
    own = invocationLog();
    const fresh = start(own.onLine);
    // Nothing of it can still be sent.
    await fresh.invoke({ scheduledTime: new Date(Date.now() - 600_000).toISOString() });
    await fresh.stop();
  });

  test("has a line with what was done, without the lists and without an address", () => {
    const line = own.lines().find(({ message }) => message === "reconciled");
    expect(line).toMatchObject({
      level: "INFO",
      service: "reconcile",
      invitations: { read: 3 },
      roleScopes: { driftedRoles: 1 },
      published: { "onboarding.invitation.create": 1, "onboarding.invitation.delete": 1 },
    });
    expect(line).not.toHaveProperty("eventIds");
    expect(line).not.toHaveProperty("roleScopes.drifted");
    expect(`${own.text()}${log.text()}`).not.toContain(CANARY);
  });

  test("has a warning for reminders that were missed, and an error for a refused plan", () => {
    expect(own.lines().filter(({ level }) => level === "WARN")).toMatchObject([
      { message: "reminders were missed", count: 1, runByHand: { since: expect.any(String) } },
    ]);
    expect(own.lines().filter(({ level }) => level === "ERROR")).toMatchObject([
      { message: expect.stringContaining("The plan removes 4 of the 5") },
    ]);
  });

  test("has metrics of what somebody should look at", () => {
    const [metrics] = own.metrics();
    expect(metrics).toMatchObject({ DriftedRoles: 1, PlanRefused: 1, RemindersMissed: 1 });
  });

  test("counts no drifted roles where Logto could not be asked: there may be some", async () => {
    const action = { kind: "answer", status: 500, body: "Internal Server Error" } as const;
    logto.faults.add({ on: "GET /api/organization-roles", action });
    const failing = invocationLog();
    const fresh = start(failing.onLine);
    await expect(fresh.invoke(scheduled())).rejects.toMatchObject({ errorType: "ReconcileError" });
    await fresh.stop();
    const counted = failing.metrics().flatMap((metrics) => Object.keys(metrics));
    expect(counted).toContain("LogtoCalls");
    expect(counted).not.toContain("DriftedRoles");
  });
});
