import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR, openWorld, type World } from "../lib/invitations/world.ts";
import {
  customer,
  customers,
  eventsOf,
  type Publishing,
  startPublishing,
} from "../support/publishing.ts";

let publishing: Publishing;
let world: World;
beforeAll(async () => {
  [publishing, world] = await Promise.all([startPublishing(), openWorld()]);
  world.standIn.seed({ organizations: [{ id: "acme", name: "Acme" }] });
});
afterAll(async () => {
  await publishing.stop();
  await world.close();
});

const invitee = (index: number) => `person-${index}@example.com`;

const statuses = (index: number) =>
  world.standIn.state.invitationsOf("acme", invitee(index)).map(({ status }) => status);

/**
 * Publishes a file and carries out what arrived, by the world's clock. Each queue is a new one, as if
 * the five minutes had passed in which SQS drops a repeat.
 */
async function publishAndCarryOut(queue: string, parameters: readonly string[]) {
  const { code, messages } = await publishing.publish(queue, parameters);
  expect(code).toBe(0);
  const details: unknown[] = [];
  for (const event of eventsOf(messages)) {
    const { outcome, error } = await world.deliver(event, { sentAt: world.now() });
    details.push(outcome?.outcome === "done" ? outcome.detail : (outcome ?? error));
  }
  return details.toSorted();
}

const revoke = (index: number) =>
  world.deliver({
    specversion: "1.0",
    id: `revoke-${index}`,
    source: "/tests",
    type: "onboarding.invitation.revoke",
    time: new Date(world.now()).toISOString(),
    data: { organizationId: "acme", invitee: invitee(index) },
  });

test("a CSV published again an hour later invites nobody again, revoked ones least of all", async () => {
  const file = await publishing.file("spring.csv", customers(4));
  const parameters = [file, "--batch", "spring"];
  world.set(Date.now() + 1_000);
  expect(await publishAndCarryOut("spring-1.fifo", parameters)).toEqual(Array(4).fill("created"));

  world.advance(HOUR);
  await revoke(0);
  const rows = [
    customer(9),
    customer(2),
    customer(0).toUpperCase().replace("ACME", "acme"),
    customer(1),
  ];
  await publishing.file("spring.csv", ["organizationId,invitee", ...rows].join("\n"));
  expect(await publishAndCarryOut("spring-2.fifo", parameters)).toEqual([
    ...Array(3).fill("already-carried-out"),
    "created",
  ]);
  expect([0, 1, 2, 3, 9].map(statuses)).toEqual([
    ["Revoked"],
    ["Pending"],
    ["Pending"],
    ["Pending"],
    ["Pending"],
  ]);
});

test("which hangs on the batch: another one, asked for later, invites whom the first one invited", async () => {
  const file = await publishing.file("summer.csv", customers(1).replace("person-0", "person-20"));
  const time = new Date(Date.now() - HOUR);
  const summer = [file, "--batch", "summer", "--time", time.toISOString()];
  world.set(time.getTime() + 1_000);
  expect(await publishAndCarryOut("summer-1.fifo", summer)).toEqual(["created"]);
  await revoke(20);
  world.set(Date.now() + 1_000);
  expect(await publishAndCarryOut("summer-2.fifo", summer)).toEqual(["already-carried-out"]);
  const autumn = [file, "--batch", "autumn"];
  expect(await publishAndCarryOut("autumn.fifo", autumn)).toEqual(["created"]);
  expect(statuses(20).toSorted()).toEqual(["Pending", "Revoked"]);
});
