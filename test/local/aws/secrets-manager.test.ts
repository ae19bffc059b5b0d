import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startStack } from "./stack.ts";

let stack: Awaited<ReturnType<typeof startStack>>;
let client: SecretsManagerClient;
let name: string;

beforeAll(async () => {
  stack = await startStack();
  client = stack.clients.secretsManager;
});
afterAll(() => stack.stop());

beforeEach(async () => {
  name = `test/${randomUUID()}`;
  await client.send(new CreateSecretCommand({ Name: name, SecretString: "first" }));
});

const get = (query: { VersionId?: string; VersionStage?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: name, ...query }));
const put = (value: string, more: { ClientRequestToken?: string; VersionStages?: string[] } = {}) =>
  client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value, ...more }));

test("a secret is found by name, by ARN and by ARN without its random end", async () => {
  const { ARN: arn = "", CreatedDate } = await get();
  expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:test\/.+-\w{6}$/);
  expect(CreatedDate).toBeInstanceOf(Date);
  for (const SecretId of [arn, arn.slice(0, -7)]) {
    const found = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(found).toMatchObject({ Name: name, SecretString: "first" });
  }
});

test("a new value becomes AWSCURRENT, the old one AWSPREVIOUS and the one before loses its label", async () => {
  const first = await get();
  await put("second");
  await put("third");
  expect(await get()).toMatchObject({ SecretString: "third", VersionStages: ["AWSCURRENT"] });
  expect(await get({ VersionStage: "AWSPREVIOUS" })).toMatchObject({ SecretString: "second" });
  const { VersionId = "" } = first;
  expect(await get({ VersionId })).toMatchObject({ SecretString: "first", VersionStages: [] });
});

test("a rotation writes AWSPENDING and then moves AWSCURRENT to it", async () => {
  const { VersionId: oldId = "" } = await get();
  const { VersionId: newId = "" } = await put("pending", { VersionStages: ["AWSPENDING"] });
  expect(await get()).toMatchObject({ SecretString: "first" });
  expect(await get({ VersionStage: "AWSPENDING" })).toMatchObject({ SecretString: "pending" });

  const move = { SecretId: name, VersionStage: "AWSCURRENT", MoveToVersionId: newId };
  await expect(client.send(new UpdateSecretVersionStageCommand(move))).rejects.toBeInstanceOf(
    InvalidParameterException,
  );
  await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: oldId }));
  const described = await client.send(new DescribeSecretCommand({ SecretId: name }));
  expect(described.VersionIdsToStages).toEqual({
    [oldId]: ["AWSPREVIOUS"],
    [newId]: expect.arrayContaining(["AWSCURRENT", "AWSPENDING"]),
  });
});

test("a put repeated with its token changes nothing, and with another value is refused", async () => {
  const ClientRequestToken = randomUUID();
  await put("second", { ClientRequestToken });
  await put("third");
  expect(await put("second", { ClientRequestToken })).toMatchObject({
    VersionId: ClientRequestToken,
    VersionStages: ["AWSPREVIOUS"],
  });
  expect(await get()).toMatchObject({ SecretString: "third" });
  await expect(put("fourth", { ClientRequestToken })).rejects.toBeInstanceOf(
    ResourceExistsException,
  );
});

test("what is not there is a ResourceNotFoundException", async () => {
  await expect(get({ VersionStage: "AWSPENDING" })).rejects.toThrow("staging label: AWSPENDING");
  await expect(get({ VersionId: randomUUID() })).rejects.toBeInstanceOf(ResourceNotFoundException);
  const unknown = client.send(new GetSecretValueCommand({ SecretId: "test/unknown" }));
  await expect(unknown).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test("a version and a stage that do not belong together are refused", async () => {
  const { VersionId = "" } = await put("pending", { VersionStages: ["AWSPENDING"] });
  await expect(get({ VersionId, VersionStage: "AWSCURRENT" })).rejects.toBeInstanceOf(
    InvalidRequestException,
  );
});

test("a name can be taken once", async () => {
  const again = client.send(new CreateSecretCommand({ Name: name, SecretString: "other" }));
  await expect(again).rejects.toBeInstanceOf(ResourceExistsException);
});

test("a secret marked for deletion cannot be used, one deleted by force is gone", async () => {
  await client.send(new DeleteSecretCommand({ SecretId: name }));
  await expect(get()).rejects.toBeInstanceOf(InvalidRequestException);
  const force = { SecretId: name, ForceDeleteWithoutRecovery: true };
  await client.send(new DeleteSecretCommand(force));
  await expect(get()).rejects.toBeInstanceOf(ResourceNotFoundException);
  await client.send(new DeleteSecretCommand(force));
});

test("a put without a value names what is missing", async () => {
  const empty = client.send(new PutSecretValueCommand({ SecretId: name }));
  await expect(empty).rejects.toThrow("You must provide either SecretString or SecretBinary.");
});

test("binary values come back as they were", async () => {
  const SecretBinary = new Uint8Array([0, 255, 7]);
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretBinary }));
  const found = await get();
  expect([...(found.SecretBinary ?? [])]).toEqual([0, 255, 7]);
  expect(found.SecretString).toBeUndefined();
});

test("an operation that is not there says which are", async () => {
  await expect(client.send(new ListSecretsCommand({}))).rejects.toThrow(
    "has no operation ListSecrets, only CreateSecret, GetSecretValue",
  );
});

test.each([true, "drop"] as const)(
  "unavailable: %s fails every call, and counts it",
  async (how) => {
    const { secretsManager, endpoint, region } = stack.standIn;
    const impatient = new SecretsManagerClient({
      endpoint,
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    });
    const before = secretsManager.calls["GetSecretValue"] ?? 0;
    secretsManager.unavailable = how;
    const read = impatient.send(new GetSecretValueCommand({ SecretId: name }));
    await expect(read).rejects.toMatchObject(
      how === true ? { name: "InternalServiceError" } : { code: "ECONNRESET" },
    );
    secretsManager.unavailable = false;
    expect(await get()).toMatchObject({ SecretString: "first" });
    expect(secretsManager.calls["GetSecretValue"]).toBe(before + 2);
    impatient.destroy();
  },
);
