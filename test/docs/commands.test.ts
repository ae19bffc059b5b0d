import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../support/command-line.ts";
import { documentedCommands } from "../support/documented-commands.ts";
import { npmStart } from "../support/npm-start.ts";

const root = join(import.meta.dirname, "..", "..");

/** What is not run here, and the file that runs it. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm test$/, ".ci/run"],
  [/^npm ci && npm start$|^npm start -- --(?:once$|logto-down )/, "test/end-to-end/start.test.ts"],
  [/^npm run package\b/, "test/deploy/package-stack.ts"],
  [/^npm run test:contract$/, "test/contract/logto.contract.test.ts"],
  [/^npm run test:faults\b/, "test/faults/faults.test.ts"],
  [/^npm run test:rotation\b/, "test/rotation/rotation.test.ts"],
  [/^npm run bench\b/, "bench/main.ts"],
  [/^npx onboarding secret check --stage prod --pending$/, "test/bin/secret.test.ts"],
  [/^npx serverless deploy --/, "test/deploy/any-endpoint.test.ts"],
];

/** Commands of others, which need an account or a terminal. */
const NOT_OURS =
  /^(?:aws |export |rm |\(umask |SECRET=|stage\(\)|npx serverless (?:info|remove|deploy function) )/;

const commands = [
  ...new Map(
    documentedCommands()
      .filter(({ command }) => !NOT_OURS.test(command))
      .filter(({ command }) => !ELSEWHERE.some(([pattern]) => pattern.test(command)))
      .map((documented) => [documented.command, documented]),
  ).values(),
];

let directory: string;
let stack: ReturnType<typeof npmStart>;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "onboarding-pages-"));
  await cp(join(root, "events"), join(directory, "events"), { recursive: true });
  await mkdir(join(directory, "bin"));
  const npx = join(directory, "bin", "npx");
  await writeFile(npx, NPX);
  await chmod(npx, 0o755);
  await symlink(process.execPath, join(directory, "bin", "node"));
  environment = {
    LOCAL_STACK_FILE: join(directory, "stack.json"),
    PATH: [join(directory, "bin"), process.env["PATH"] ?? ""].join(delimiter),
    HOME: directory,
  };
  stack = npmStart([], environment);
  await stack.line(/Ctrl-C ends it/);
});

afterAll(async () => {
  stack.child.kill("SIGINT");
  await stack.exited;
  await rm(directory, { recursive: true });
});

/** Does what npx does in a checkout: it runs the project's own commands. Theirs is the project's folder. */
const NPX = `#!/bin/sh
command="$1"
shift
case "$command" in
  onboarding) exec ${JSON.stringify(join(root, "bin", "onboarding"))} "$@" ;;
  serverless) cd ${JSON.stringify(root)} && exec ./node_modules/.bin/serverless "$@" ;;
esac
echo "npx $command is no command of the project" >&2
exit 127
`;

/** The local stack stands in for a deployed stage. */
const locally = (command: string): string =>
  command.replace(/ --stage \w+/, " --local").replace(/ --region [\w-]+/, "");

describe("a command of the pages for users ends with 0", () => {
  it.for(commands.map(({ page, command }) => [page, command] as const))(
    "%s: %s",
    async ([, command]) => {
      const ended = await runProgram("/bin/sh", ["-c", locally(command)], {
        directory,
        environment,
      });

      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect(ended.stdout).not.toBe("");
    },
  );
});

it.for(ELSEWHERE)("what matches %s is run by %s", ([, file]) => {
  expect(existsSync(join(root, file))).toBe(true);
});
