import { chmod, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "./usage-error.ts";

/**
 * Writes a file whole or not at all: whoever reads it meanwhile sees the old one. Its permissions
 * stay, and a link to it stays a link.
 *
 * @throws UsageError when it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => undefined);
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      await writeFile(temporary, text, { flag: "wx" });
      if (existing !== undefined) await chmod(temporary, existing.mode & 0o7777);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(`${path} cannot be written (${reason}): check the path.`);
  }
}
