import { vi } from "vitest";
import { runOnboarding } from "../../bin/main.ts";
import type { CommandResult } from "./command-line.ts";

/**
 * Runs the command line inside the test's own process, without the half second that a process costs.
 * Environment and output are the process's own while it runs: one at a time.
 *
 * @param environment all that the command sees of one, beside PATH.
 */
export async function runInProcess(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const before = { environment: process.env, exitCode: process.exitCode };
  const out: string[] = [];
  const err: string[] = [];
  const line = (parts: readonly unknown[]): string => `${parts.join(" ")}\n`;
  const spies = [
    vi.spyOn(console, "log").mockImplementation((...parts) => void out.push(line(parts))),
    vi.spyOn(console, "error").mockImplementation((...parts) => void err.push(line(parts))),
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => out.push(String(chunk)) > 0),
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => err.push(String(chunk)) > 0),
  ];
  process.env = { PATH: before.environment["PATH"], ...environment };
  process.exitCode = undefined;
  try {
    const code = await runOnboarding(parameters);
    return { code, stdout: out.join(""), stderr: err.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.env = before.environment;
    process.exitCode = before.exitCode;
  }
}
