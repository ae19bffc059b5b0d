import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createCleanUps, type Journal } from "./clean-ups.ts";
import { realTarget } from "./harness.ts";
import { createHttp } from "./http.ts";

/**
 * Starts a process that outlives an interrupted or killed run and removes what that run had made
 * and not removed. It notices the end of the run by the end of its input.
 */
export function startSweeper(): { journal: Journal; stop: () => Promise<void> } {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    detached: true, // Ctrl+C reaches a whole process group.
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.on("error", () => {}); // Without a sweeper the run still removes things itself.

  return {
    journal: {
      added: (path) => void child.stdin.write(`+${path}\n`),
      removed: (path) => void child.stdin.write(`-${path}\n`),
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function sweep(): Promise<void> {
  const left = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) {
    const path = line.slice(1);
    if (line.startsWith("+")) left.add(path);
    else left.delete(path);
  }
  const target = realTarget(process.env);
  if (!target || left.size === 0) return;
  const { call } = createHttp(target);
  const cleanUps = createCleanUps(async (path) => (await call("DELETE", path)).status);
  for (const path of left) cleanUps.add(path);
  await cleanUps.run();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await sweep();
