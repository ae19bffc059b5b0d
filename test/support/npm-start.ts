import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..", "..");

/**
 * Runs `npm start`, without npm and without what this machine may have set for a real Logto or AWS. One
 * that somebody runs in this folder meanwhile is not in its way.
 *
 * @returns the process, where it leaves word for `--local`, the lines it has written so far, `line`, which waits for one, and the code with
 *   which it ends.
 */
export function npmStart(
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const stackFile =
    environment["LOCAL_STACK_FILE"] ?? join(tmpdir(), `onboarding-stack-${randomUUID()}.json`);
  const child = spawn(process.execPath, [join(root, "local", "start.ts"), ...options], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", ...environment, LOCAL_STACK_FILE: stackFile },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const exited = once(child, "close").then(([code]) => code);
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.find((candidate) => pattern.test(candidate));
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
      void exited.then(() => reject(new Error(`ended without ${pattern}:\n${lines.join("\n")}`)));
    });
  return { child, stackFile, lines, line, exited };
}
