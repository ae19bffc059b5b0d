import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export type CommandResult = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/**
 * Runs `bin/onboarding` as a user does, in an environment that holds nothing of this machine's
 * AWS configuration.
 */
export async function onboarding(
  parameters: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    /** The working directory. */
    readonly directory?: string;
    /** Gets the process, for a test that sends it a signal. */
    readonly onStart?: (child: ChildProcess) => void;
  } = {},
): Promise<CommandResult> {
  const program = join(import.meta.dirname, "..", "..", "bin", "onboarding");
  return runProgram(program, parameters, options);
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: Parameters<typeof onboarding>[1] = {},
): Promise<CommandResult> {
  const child = spawn(program, parameters, {
    env: {
      PATH: process.env["PATH"] ?? "",
      // Halves the start: the tests start the program many times.
      NODE_COMPILE_CACHE: join(tmpdir(), "onboarding-test-compile-cache"),
      ...options.environment,
    },
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  options.onStart?.(child);
  // A program that ends without reading its input closes the pipe.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: typeof code === "number" ? code : null, stdout, stderr };
}
