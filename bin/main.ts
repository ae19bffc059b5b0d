import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { isRegionMissing, UsageError } from "./usage-error.ts";

/**
 * Runs the command line to its end. What it has to say goes to standard output and standard error.
 *
 * @param parameters behind the program's name.
 * @returns the exit code: 0 done, 1 something failed or is left to do, 2 the command line, a file or
 * what it names is wrong and nothing was changed, 130 interrupted.
 */
export async function runOnboarding(parameters: readonly string[]): Promise<number> {
  // Whoever asks for this code has 2 mean changes: a command line that is wrong must not look like it.
  const usageErrorCode = parameters.includes("--detailed-exitcode") ? 1 : 2;
  try {
    const words = helpOfSubcommand(parameters);
    const program = await createProgram(words);
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has said what is wrong. Its help ends well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageErrorCode;
    // Not needed for a command line that is right.
    const { explainIn } = await import("./explain.ts");
    // A stack's Logto is that of its secret, whatever the shell names, and "secret" is about a secret.
    const isOfStack =
      parameters[0] === "secret" ||
      parameters.some((word) => /^--(?:local$|stage(?:=|$))/.test(word));
    process.stderr.write(`${explainIn(isOfStack ? {} : process.env, error)}\n`);
    return error instanceof UsageError || isRegionMissing(error) ? usageErrorCode : 1;
  }
}

/** Commander's "help roles plan" helps with roles, not with plan. */
const helpOfSubcommand = (parameters: readonly string[]): readonly string[] =>
  parameters[0] === "help" && parameters.length > 2
    ? [...parameters.slice(1), "--help"]
    : parameters;
