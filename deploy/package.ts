import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Packages every function and the CloudFormation template, with no network and no credentials. The same
 * sources give the same bytes: the time in them is that of the last commit.
 */

const cli = join(import.meta.dirname, "..", "node_modules", "serverless", "bin", "serverless.js");
const commitTime = spawnSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" });
const { status } = spawnSync(process.execPath, [cli, "package", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: {
    SOURCE_DATE_EPOCH: commitTime.stdout?.trim() || "0",
    ...process.env,
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
  },
});
if (status !== 0) process.exit(status ?? 1);

const files = [
  ...readdirSync("dist/lambda")
    .filter((name) => name.endsWith(".zip"))
    .map((name) => join("dist", "lambda", name)),
  join(".serverless", "cloudformation-template-update-stack.json"),
];
for (const file of files) {
  const kibibytes = (statSync(file).size / 1024).toFixed(0);
  console.log(`${kibibytes.padStart(6)} KiB  ${file}`);
}
