import { createHmac, hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandWorld, startCommandWorld } from "../support/command-world.ts";
import { putLetter, SENTENCE } from "../support/dead-letters.ts";
import { createEvent } from "../support/events.ts";

let world: CommandWorld;
beforeAll(async () => {
  world = await startCommandWorld();
  const urlOf = (name: string) => world.environment[name] ?? "";
  const pair = {
    name: "invitations",
    queueUrl: urlOf("INVITATIONS_QUEUE_URL"),
    deadLetterQueueUrl: urlOf("INVITATIONS_DEAD_LETTER_QUEUE_URL"),
  };
  await putLetter(world.queues, pair, { body: createEvent({ id: "given-up" }) });
  const create = ["invitations", "create", "--organization", "acme", "--direct", "--no-email"];
  await world.run([...create, "--invitee", "ada@example.com"]);
});
afterAll(() => world.stop());

describe("onboarding trace", () => {
  const ada = ["trace", "--invitee", "Ada@Example.com"];

  test("shows the invitations, the dead letters with their sentence, and the query", async () => {
    const { code, stdout, stderr } = await world.run([...ada, "--organization", "acme"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\n\w+ +Pending +acme +ada@example.com /);
    expect(stdout).toContain(`given-up  invitation-expired  ${SENTENCE}\n`);
    const group = hash("sha256", "acme\nada@example.com");
    expect(stdout).toContain(`| filter group = "${group}"\n`);
  });

  test("without an organization queries by the hash that the logs have", async () => {
    const { stdout } = await world.run([...ada, "--json"]);
    const inviteeHash = createHmac("sha256", world.logto.app.secret)
      .update("ada@example.com")
      .digest("hex");
    expect(JSON.parse(stdout)).toMatchObject({
      invitations: [{ organizationId: "acme", status: "Pending" }],
      deadLetters: [{ eventId: "given-up", sentence: SENTENCE }],
      notSeen: 0,
      query: expect.stringContaining(`inviteeHash = "${inviteeHash}"`),
    });
  });

  test("of somebody unknown says so", async () => {
    const { code, stdout } = await world.run(["trace", "--invitee", "eve@example.com"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Logto holds no such invitation.");
    expect(stdout).toContain("No dead letter of this person.");
  });
});
