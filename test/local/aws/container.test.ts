import { afterEach, expect, test } from "vitest";
import {
  type Container,
  type ContainerOptions,
  IMPORT_ERROR,
  startContainer,
} from "../../../local/aws/container.ts";
import { SERVICE_DIRECTORY } from "./stack.ts";

const started: Container[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((container) => container.stop()));
});

function start(handler: string, options: Partial<ContainerOptions> = {}): Container {
  const container = startContainer({
    handler,
    directory: SERVICE_DIRECTORY,
    environment: {},
    timeoutSeconds: 30,
    ...options,
  });
  started.push(container);
  return container;
}

test("a handler gets its event, a Lambda context and only its own environment", async () => {
  const container = start("handlers.describe", {
    environment: { STAGE: "dev" },
    functionName: "fixture-dev-describe",
    memoryLimitInMB: 256,
  });
  const answer = await container.invoke({ Records: [] });
  expect(answer).toMatchObject({
    event: { Records: [] },
    context: {
      awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
      functionName: "fixture-dev-describe",
      memoryLimitInMB: "256",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:fixture-dev-describe",
    },
    environment: {
      STAGE: "dev",
      _HANDLER: "handlers.describe",
      LAMBDA_TASK_ROOT: SERVICE_DIRECTORY,
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "fixture-dev-describe",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    },
  });
  expect(answer).not.toHaveProperty("environment.VITEST");
});

test("the remaining time follows the deadline", async () => {
  const container = start("handlers.describe");
  const answer = await container.invoke({}, { deadlineMs: Date.now() + 3_600_000 });
  expect(answer).toHaveProperty("context.remainingMs", expect.any(Number));
  expect(answer).not.toHaveProperty("context.remainingMs", 0);
});

test("a container stays warm: module state is kept between invocations", async () => {
  const container = start("handlers.act");
  expect(await container.invoke({ do: "nothing" })).toBe(1);
  expect(await container.invoke({ do: "nothing" })).toBe(2);
});

test("a thrown error is the invocation's error and leaves the process running", async () => {
  const container = start("handlers.act");
  await expect(container.invoke({ do: "throw" })).rejects.toMatchObject({
    errorType: "RangeError",
    message: "asked to throw",
  });
  expect(await container.invoke({ do: "nothing" })).toBe(2);
});

test("an answer that is no JSON is an error", async () => {
  const container = start("handlers.act");
  await expect(container.invoke({ do: "answer-a-circle" })).rejects.toMatchObject({
    errorType: "TypeError",
  });
});

test("what the function writes comes line by line, also just before a crash", async () => {
  const lines: string[] = [];
  const container = start("handlers.act", { onLine: (line) => lines.push(line) });
  expect(await container.invoke({ do: "write" })).toBeNull();
  await expect(container.invoke({ do: "exit" })).rejects.toMatchObject({
    errorType: "Runtime.ExitError",
    message: "Runtime exited with error: exit status 3",
  });
  expect(lines.toSorted()).toEqual(["last words", "one", "three", "two"]);
});

test("after a crash the next invocation gets a new process", async () => {
  const container = start("handlers.act");
  await expect(container.invoke({ do: "exit" })).rejects.toThrow("exit status 3");
  expect(await container.invoke({ do: "nothing" })).toBe(1);
});

test("a process killed while idle is replaced", async () => {
  const container = start("handlers.act");
  const hanging = container.invoke({ do: "hang" });
  container.kill("SIGKILL");
  await expect(hanging).rejects.toThrow("signal: SIGKILL");
  expect(await container.invoke({ do: "nothing" })).toBe(1);
});

test("an invocation over its time is ended, and the next one gets a new process", async () => {
  const container = start("handlers.act", { timeoutSeconds: 1 });
  await expect(container.invoke({ do: "hang" })).rejects.toMatchObject({
    errorType: "Sandbox.Timedout",
    message: "Task timed out after 1.00 seconds",
  });
  expect(await container.invoke({ do: "nothing" })).toBe(1);
});

test.each(["missing.handler", "handlers.missing"])("%s is an import error", async (handler) => {
  const container = start(handler);
  const failure = { errorType: IMPORT_ERROR, message: expect.stringContaining(handler) };
  await expect(container.invoke({})).rejects.toMatchObject(failure);
  await expect(container.invoke({})).rejects.toMatchObject(failure);
});

test("a container takes one invocation at a time", async () => {
  const container = start("handlers.act");
  const first = container.invoke({ do: "nothing" });
  await expect(container.invoke({ do: "nothing" })).rejects.toThrow("busy");
  await first;
});
