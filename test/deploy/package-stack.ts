import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { runProgram } from "../support/command-line.ts";
import { parseTemplate, type Template } from "./template.ts";

/** What `npm run package` made. */
export type PackagedStack = {
  readonly template: Template;
  readonly templateText: string;
  /** The bytes of each zip, by the function's name. */
  readonly zips: ReadonlyMap<string, Uint8Array>;
  readonly printed: string;
};

const ROOT = join(import.meta.dirname, "..", "..");

/** What packaging reads. It writes beside them. */
const SOURCES = ["deploy", "functions", "lib", "local", "package.json", "serverless.yml"];

/**
 * A copy of the project, so that runs at the same time write to no file of each other.
 *
 * @returns its directory; remove it in the end.
 */
export async function copyOfProject(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "onboarding-stack-"));
  for (const name of SOURCES) {
    await cp(join(ROOT, name), join(directory, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/**
 * Runs `npm run package` on a copy of the project, with nothing of this machine's AWS configuration.
 *
 * @param parameters as `--param`.
 * @throws with what was printed, when packaging fails.
 */
export async function packageStack(
  parameters: Readonly<Record<string, string>> = {},
): Promise<PackagedStack> {
  const directory = await copyOfProject();
  try {
    const options = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
    const program = [join("deploy", "package.ts"), ...options];
    const { code, stdout, stderr } = await runProgram(process.execPath, program, { directory });
    if (code !== 0) throw new Error(`Packaging failed:\n${stdout}${stderr}`);
    const templateText = readFileSync(
      join(directory, ".serverless", "cloudformation-template-update-stack.json"),
      "utf8",
    );
    const zips = readdirSync(join(directory, "dist", "lambda")).filter((name) =>
      name.endsWith(".zip"),
    );
    return {
      template: parseTemplate(templateText),
      templateText,
      zips: new Map(
        zips.map((name) => [
          name.slice(0, -".zip".length),
          readFileSync(join(directory, "dist", "lambda", name)),
        ]),
      ),
      printed: stdout,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The files in a function's zip, as text. */
export function filesInZip(stack: PackagedStack, functionName: string): Record<string, string> {
  const files = unzipSync(stack.zips.get(functionName) ?? new Uint8Array());
  return Object.fromEntries(
    Object.entries(files).map(([path, contents]) => [path, Buffer.from(contents).toString()]),
  );
}
