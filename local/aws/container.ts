import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** A Lambda execution environment: one process, one invocation at a time. */
export interface Container {
  /**
   * Runs the handler once, in a new process if the last one ended.
   *
   * @param payload what the handler gets as its event; goes through JSON
   * @param options.deadlineMs epoch ms; now plus the function's timeout when left out
   * @returns the handler's answer after JSON, `null` for none
   * @throws {FunctionError}
   */
  invoke(payload: unknown, options?: { deadlineMs?: number }): Promise<unknown>;
  /** Ends the process; an invocation under way fails. */
  stop(): Promise<void>;
  /** Sends the process a signal, for fault runs. */
  kill(signal: NodeJS.Signals): void;
}

export interface ContainerOptions {
  /** As in serverless.yml: path without extension, a dot, the export. */
  handler: string;
  /** What `handler` is relative to; the working directory when left out. */
  directory?: string;
  /** The function's own variables. Nothing of this process's environment is passed on but PATH. */
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryLimitInMB?: number;
  functionName?: string;
  region?: string;
  /** Gets what the function writes to stdout and stderr, line by line. */
  onLine?: (line: string) => void;
}

/** An invocation without an answer. `errorType` is the error's name, or Lambda's word for the end of the process. */
export class FunctionError extends Error {
  readonly errorType: string;

  constructor(errorType: string, errorMessage: string) {
    super(errorMessage);
    this.name = "FunctionError";
    this.errorType = errorType;
  }
}

/** The error type of an invocation whose function could not be loaded. */
export const IMPORT_ERROR = "Runtime.ImportModuleError";

/** What the process says: that it is ready, and how each invocation went. */
const messageSchema = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("answer"), requestId: v.string(), answer: v.optional(v.unknown()) }),
  v.object({
    type: v.literal("error"),
    requestId: v.string(),
    errorType: v.string(),
    errorMessage: v.string(),
  }),
]);

const PROCESS_FILE = fileURLToPath(new URL("./container-process.ts", import.meta.url));
/** Lambda's own limit for loading a function; after it, the invocation's time runs all the same. */
const LOADING_LIMIT_MS = 10_000;
const STOP_GRACE_MS = 1_000;

/** Starts an execution environment; the process begins loading the handler at once, as Lambda's does. */
export function startContainer(options: ContainerOptions): Container {
  let current: ChildProcess | undefined = spawn(options);
  let loading = untilLoaded(current);
  let busy = false;

  return { invoke, stop, kill: (signal) => current?.kill(signal) };

  async function invoke(payload: unknown, { deadlineMs }: { deadlineMs?: number } = {}) {
    if (busy) throw new Error("This container is still busy with its last invocation.");
    busy = true;
    if (!current?.connected) {
      current = spawn(options);
      loading = untilLoaded(current);
    }
    const child = current;
    try {
      await loading;
      const latestMs = deadlineMs ?? Date.now() + options.timeoutSeconds * 1000;
      return await runOnce(child, payload, latestMs);
    } catch (error) {
      // Lambda loads the function anew for the next invocation: what failed may work then.
      if (error instanceof FunctionError && error.errorType === IMPORT_ERROR) await stop();
      throw error;
    } finally {
      busy = false;
    }
  }

  async function stop(): Promise<void> {
    const child = current;
    current = undefined;
    if (child) await end(child);
  }
}

async function untilLoaded(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LOADING_LIMIT_MS);
    const proceed = () => {
      clearTimeout(timer);
      resolve();
    };
    child.once("message", proceed);
    child.once("close", proceed);
  });
}

function runOnce(child: ChildProcess, payload: unknown, deadlineMs: number): Promise<unknown> {
  const requestId = randomUUID();
  const startedMs = Date.now();
  let timedOut: FunctionError | undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const seconds = ((deadlineMs - startedMs) / 1000).toFixed(2);
      timedOut = new FunctionError("Sandbox.Timedout", `Task timed out after ${seconds} seconds`);
      child.kill("SIGKILL");
    }, deadlineMs - startedMs);

    const onMessage = (message: unknown) => {
      const parsed = v.parse(messageSchema, message);
      if (parsed.type === "ready" || parsed.requestId !== requestId) return;
      finish();
      if (parsed.type === "answer") return resolve(parsed.answer ?? null);
      reject(new FunctionError(parsed.errorType, parsed.errorMessage));
    };
    // "close" comes after everything it wrote, so a crash's last lines are not lost.
    const onClose = (code: number | null, signal: NodeJS.Signals | null) => {
      finish();
      const how = signal === null ? `exit status ${code}` : `signal: ${signal}`;
      reject(
        timedOut ?? new FunctionError("Runtime.ExitError", `Runtime exited with error: ${how}`),
      );
    };
    const finish = () => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("close", onClose);
    };
    if (hasEnded(child)) return onClose(child.exitCode, child.signalCode);
    child.on("message", onMessage);
    child.once("close", onClose);
    // A process that ends this very moment is reported by "close".
    child.send({ requestId, payload, deadlineMs }, () => undefined);
  });
}

function spawn(options: ContainerOptions): ChildProcess {
  const child = fork(PROCESS_FILE, {
    env: { ...lambdaEnvironment(options), ...options.environment },
    cwd: options.directory ?? process.cwd(),
    execPath: process.execPath,
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on("line", (line) => options.onLine?.(line));
  }
  // Failing to start is reported by "close" as well; without a listener it would end this process.
  child.on("error", (error) => options.onLine?.(error.message));
  return child;
}

/** What Lambda itself sets; see "Defined runtime environment variables" in the Lambda guide. */
function lambdaEnvironment(options: ContainerOptions): Record<string, string> {
  const { handler, functionName = handler, memoryLimitInMB = 1024, region = "us-east-1" } = options;
  const major = process.versions.node.split(".")[0];
  return {
    PATH: process.env["PATH"] ?? "",
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: options.directory ?? process.cwd(),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${major}.x`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryLimitInMB),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/${randomUUID()}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  // Not disconnect(): after it, Node never emits "close".
  child.kill("SIGTERM");
  await closed;
  clearTimeout(timer);
}
