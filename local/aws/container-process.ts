// The inside of a container: a process of its own that loads one handler and answers the parent's
// invocations. See container.ts for the outside.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Context } from "aws-lambda";
import * as v from "valibot";

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

const invocationSchema = v.object({
  requestId: v.string(),
  payload: v.optional(v.unknown()),
  deadlineMs: v.number(),
});
const handlerSchema = v.pipe(v.function(), v.returns(v.unknown()));

// A child must not outlive its parent, whatever ended it.
process.on("disconnect", () => process.exit());

// Loading begins now; a failure is the answer to the first invocation.
const loading = loadHandler(environment("LAMBDA_TASK_ROOT"), environment("_HANDLER"));
const ready = () => send({ type: "ready" });
loading.then(ready, ready);

process.on("message", async (message) => {
  const { requestId, payload, deadlineMs } = v.parse(invocationSchema, message);
  let handler: Awaited<typeof loading>;
  try {
    handler = await loading;
  } catch (error) {
    console.error(error);
    return send({ type: "error", requestId, ...describe(error, "Runtime.ImportModuleError") });
  }
  try {
    const result = await handler(payload, createContext(requestId, deadlineMs));
    send({ type: "answer", requestId, answer: result });
  } catch (error) {
    console.error(error);
    send({ type: "error", requestId, ...describe(error) });
  }
});

async function loadHandler(root: string, handler: string) {
  const dot = handler.lastIndexOf(".");
  const path = resolve(root, handler.slice(0, dot));
  const exported = handler.slice(dot + 1);
  const extension = EXTENSIONS.find((candidate) => existsSync(path + candidate));
  if (extension === undefined) {
    throw new Error(`There is no file for handler ${handler}: tried ${EXTENSIONS.join(", ")}.`);
  }
  const module: unknown = await import(pathToFileURL(path + extension).href);
  const found = v.safeParse(v.looseObject({ [exported]: handlerSchema }), module);
  const run = found.success ? found.output[exported] : undefined;
  if (!run) throw new Error(`${handler} is not a function that the file exports.`);
  return run;
}

function createContext(requestId: string, deadlineMs: number): Context {
  const functionName = environment("AWS_LAMBDA_FUNCTION_NAME");
  const notSupported = () => {
    throw new Error("Answer by returning or throwing: the callbacks are not supported.");
  };
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: environment("AWS_LAMBDA_FUNCTION_VERSION"),
    invokedFunctionArn: `arn:aws:lambda:${environment("AWS_REGION")}:000000000000:function:${functionName}`,
    memoryLimitInMB: environment("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    logGroupName: environment("AWS_LAMBDA_LOG_GROUP_NAME"),
    logStreamName: environment("AWS_LAMBDA_LOG_STREAM_NAME"),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    done: notSupported,
    fail: notSupported,
    succeed: notSupported,
  };
}

function describe(error: unknown, errorType?: string) {
  if (!(error instanceof Error)) {
    return { errorType: errorType ?? "Error", errorMessage: String(error) };
  }
  return { errorType: errorType ?? error.name, errorMessage: error.message };
}

/** Throws for an answer that is no JSON, which then is the invocation's error, as on Lambda. */
function send(message: object): void {
  process.send?.(message);
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this through container.ts.`);
  return value;
}
