import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CommandResult, runProgram } from "./command-line.ts";

const root = join(import.meta.dirname, "..", "..");

/** A project of another team that has installed the package of producers from its tarball. */
export type Producer = {
  readonly directory: string;
  readonly packageDirectory: string;
  readonly write: (name: string, text: string) => Promise<void>;
  /** Runs a file of the project with Node. */
  readonly run: (
    name: string,
    environment: Readonly<Record<string, string>>,
  ) => Promise<CommandResult>;
  /** Type-checks a file of the project. */
  readonly check: (name: string) => Promise<CommandResult>;
  readonly remove: () => Promise<void>;
};

/**
 * Builds the package, packs it with npm and unpacks it into a project. What the package and the project
 * depend on besides is linked from here: a test has no registry.
 */
export async function createProducer(): Promise<Producer> {
  const directory = await mkdtemp(join(tmpdir(), "onboarding-producer-"));
  const built = join(directory, "built");
  npm(["run", "build:events", "--offline", "--", built]);
  npm(["pack", "--offline", built, "--pack-destination", directory]);
  const [tarball = ""] = (await readdir(directory)).filter((file) => file.endsWith(".tgz"));
  const packageDirectory = join(directory, "node_modules", "logto-onboarding");
  await mkdir(packageDirectory, { recursive: true });
  finished("tar", [
    "-xzf",
    join(directory, tarball),
    "-C",
    packageDirectory,
    "--strip-components=1",
  ]);
  for (const name of ["valibot", "@aws-sdk/client-sqs", "@types/node"]) {
    const link = join(directory, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", name), link);
  }
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  await write("package.json", JSON.stringify({ type: "module" }));
  return {
    directory,
    packageDirectory,
    write,
    run: (name, environment) => runProgram(process.execPath, [name], { directory, environment }),
    check: async (name) => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "ES2023",
        module: "NodeNext",
        types: ["node"],
        // Those of the AWS SDK want the browser's.
        skipLibCheck: true,
      };
      await write("tsconfig.json", JSON.stringify({ compilerOptions, files: [name] }));
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      return runProgram(process.execPath, [tsc], { directory });
    },
    remove: () => rm(directory, { recursive: true }),
  };
}

const npm = (parameters: readonly string[]): void => finished("npm", parameters);

function finished(program: string, parameters: readonly string[]): void {
  const { status, stderr } = spawnSync(program, parameters, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${parameters[0]} failed: ${stderr}`);
}
