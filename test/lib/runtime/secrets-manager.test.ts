import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { SecretUnavailableError } from "../../../lib/runtime/secret.ts";
import { readSecretText } from "../../../lib/runtime/secrets-manager.ts";
import { type AwsClients, createAwsClients } from "../../../local/aws/clients.ts";
import { type AwsStandIn, startAwsStandIn } from "../../../local/aws/server.ts";
import { awsEnvironment, NOTHING_LISTENS } from "../../support/queues.ts";

let standIn: AwsStandIn;
let clients: AwsClients;
beforeAll(async () => {
  standIn = await startAwsStandIn();
  clients = createAwsClients(standIn);
});
afterAll(async () => {
  clients.destroy();
  await standIn.stop();
});

beforeEach(() => {
  for (const [name, value] of Object.entries(awsEnvironment(standIn.endpoint))) {
    vi.stubEnv(name, value);
  }
});
afterEach(() => {
  standIn.secretsManager.unavailable = false;
  vi.unstubAllEnvs();
});

const create = (secret: CreateSecretCommandInput) =>
  clients.secretsManager.send(new CreateSecretCommand(secret));

describe("a secret's text", () => {
  test("is read by the secret's name and by its ARN", async () => {
    const text = '{ "endpoint": "https://logto.example" }';
    const { ARN = "" } = await create({ Name: "tests/logto", SecretString: text });
    expect(await readSecretText("tests/logto")).toBe(text);
    expect(await readSecretText(ARN)).toBe(text);
  });

  test("of a secret that does not exist is one sentence that says what to check", async () => {
    const reading = readSecretText("tests/missing");
    await expect(reading).rejects.toBeInstanceOf(SecretUnavailableError);
    await expect(reading).rejects.toThrow(
      /^the secret tests\/missing cannot be read \(ResourceNotFoundException\): check that it exists, .*\.$/,
    );
  });

  test("of a secret that was made empty is an error that says what to put into it", async () => {
    await create({ Name: "tests/empty" });
    const reading = readSecretText("tests/empty");
    await expect(reading).rejects.toBeInstanceOf(SecretUnavailableError);
    await expect(reading).rejects.toThrow(
      "the secret tests/empty holds no text: put Logto's credentials into it as JSON.",
    );
  });

  test("of a binary secret is an error that says what to put into it", async () => {
    await create({ Name: "tests/binary", SecretBinary: new Uint8Array([1, 2, 3]) });
    const reading = readSecretText("tests/binary");
    await expect(reading).rejects.toBeInstanceOf(SecretUnavailableError);
    await expect(reading).rejects.toThrow("the secret tests/binary holds no text: put Logto's");
  });

  test("while Secrets Manager fails is an error of the same kind, and after that it can be read", async () => {
    await create({ Name: "tests/later", SecretString: "text" });
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
    standIn.secretsManager.unavailable = true;
    await expect(readSecretText("tests/later")).rejects.toThrow(
      /^the secret tests\/later cannot be read \(InternalServiceError\)/,
    );
    standIn.secretsManager.unavailable = false;
    expect(await readSecretText("tests/later")).toBe("text");
  });

  test("where nothing answers is an error of the same kind", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", NOTHING_LISTENS);
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
    await expect(readSecretText("tests/logto")).rejects.toBeInstanceOf(SecretUnavailableError);
  });
});
