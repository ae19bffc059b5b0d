import { type FileHandle, open } from "node:fs/promises";
import { isatty } from "node:tty";
import { UsageError } from "../usage-error.ts";
import type { BadEntry } from "./entry.ts";
import type { Input } from "./input.ts";

/** A file of the events that are not published, each with its line and why: one to a line, as JSON. */
export type Rejects = {
  readonly path: string;
  readonly add: (entry: BadEntry) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Written together, because each write is a call. */
const CHUNK_CHARACTERS = 65_536;

/**
 * Opens the file of rejects, which only its user may read: it holds addresses.
 *
 * @throws UsageError for a terminal, the input itself, and what cannot be written.
 */
export async function openRejects(path: string, input: Input): Promise<Rejects> {
  const handle = await openForWriting(path, input);
  let chunk = "";
  const write = async (): Promise<void> => {
    const text = chunk;
    chunk = "";
    await handle.appendFile(text);
  };
  return {
    path,
    add: async ({ line, flaws, given }) => {
      const problems = flaws.map(({ path: field, message }) =>
        field === "" ? `it ${message}` : `${field} ${message}`,
      );
      chunk += `${JSON.stringify({ line, problems, given })}\n`;
      if (chunk.length >= CHUNK_CHARACTERS) await write();
    },
    close: async () => {
      await write();
      await handle.close();
    },
  };
}

async function openForWriting(path: string, input: Input): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, "a", 0o600);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(
      `${path} cannot be written (${reason}): name another file with --rejects.`,
    );
  }
  const refusal = isatty(handle.fd)
    ? "is a terminal, and rejects hold addresses"
    : (await input.isSameFile(handle))
      ? "is the file to be published"
      : undefined;
  if (refusal !== undefined) {
    await handle.close();
    throw new UsageError(`${path} ${refusal}: name another file with --rejects. Nothing was sent.`);
  }
  await handle.truncate(0).catch(() => {});
  return handle;
}
