import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replaceFile } from "../../bin/replace-file.ts";
import { UsageError } from "../../bin/usage-error.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "onboarding-replace-file-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("replacing a file", () => {
  test("makes one that is not there, and leaves nothing else behind", async () => {
    await replaceFile(join(directory, "new.yml"), "new\n");
    expect(await readFile(join(directory, "new.yml"), "utf8")).toBe("new\n");
    expect(await readdir(directory)).toEqual(["new.yml"]);
  });

  test("puts another file in its place: whoever has it open reads the old one", async () => {
    const path = join(directory, "old.yml");
    await writeFile(path, "old\n");
    const before = await stat(path);
    await replaceFile(path, "new\n");
    expect(await readFile(path, "utf8")).toBe("new\n");
    expect((await stat(path)).ino).not.toBe(before.ino);
  });

  test("keeps its permissions", async () => {
    const path = join(directory, "old.yml");
    await writeFile(path, "old\n");
    await chmod(path, 0o664);
    await replaceFile(path, "new\n");
    expect((await stat(path)).mode & 0o777).toBe(0o664);
  });

  test("replaces what a link leads to, not the link", async () => {
    await writeFile(join(directory, "real.yml"), "old\n");
    await symlink("real.yml", join(directory, "link.yml"));
    await replaceFile(join(directory, "link.yml"), "new\n");
    expect(await readFile(join(directory, "real.yml"), "utf8")).toBe("new\n");
    expect((await lstat(join(directory, "link.yml"))).isSymbolicLink()).toBe(true);
  });

  test.each([
    ["a directory that is not there", "no-such/file.yml", "ENOENT"],
    ["the place of a directory", ".", "EISDIR"],
  ])("says that it cannot be written: %s", async (_, name, reason) => {
    const path = `${directory}/${name}`;
    await expect(replaceFile(path, "new\n")).rejects.toThrow(
      new UsageError(`${path} cannot be written (${reason}): check the path.`),
    );
    expect(await readdir(directory)).toEqual([]);
  });
});
