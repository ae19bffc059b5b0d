import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  findLocalStack,
  refuseSecondStack,
  removeStackFile,
  writeStackFile,
} from "../../local/stack-file.ts";

const stack = { region: "us-east-1", queueUrls: {}, functions: {} };

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "onboarding-stack-file-"));
  file = join(directory, "below", "stack.json");
  vi.stubEnv("LOCAL_STACK_FILE", file);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** Leaves word as another process would. */
function leaveWordAs(pid: number): void {
  writeStackFile(stack);
  writeFileSync(file, JSON.stringify({ ...stack, pid }));
}

describe("the file of the local stack", () => {
  test("is found while its process runs, and removed by it", () => {
    writeStackFile(stack);
    expect(findLocalStack()).toEqual({ pid: process.pid, ...stack });

    removeStackFile();
    expect(existsSync(file)).toBe(false);
    expect(findLocalStack()).toBeUndefined();
  });

  test("keeps a second stack from taking its place, and is not removed by it", () => {
    leaveWordAs(process.ppid);

    expect(refuseSecondStack).toThrow(`(process ${process.ppid}, by ${file}): end it, or set`);
    expect(() => writeStackFile(stack)).toThrow("LOCAL_STACK_FILE");
    removeStackFile();
    expect(findLocalStack()?.pid).toBe(process.ppid);
  });

  test("counts for nothing when its process was killed", () => {
    leaveWordAs(spawnSync(process.execPath, ["--version"]).pid);

    expect(findLocalStack()).toBeUndefined();
    writeStackFile(stack);
    expect(findLocalStack()?.pid).toBe(process.pid);
  });
});
