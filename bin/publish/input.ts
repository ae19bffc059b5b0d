import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { UsageError } from "../usage-error.ts";

/** A file that is read from its beginning more than once. */
export type Input = {
  /** For people: the path as it was given, or "standard input". */
  readonly name: string;
  /** Where what belongs to the file is kept; absent for what is no file. */
  readonly directory?: string;
  readonly bytes: number;
  /** The whole content, from the beginning. */
  readonly stream: () => Readable;
  /** The first bytes. */
  readonly head: (length: number) => Promise<Buffer>;
  /** @throws UsageError when somebody wrote to the file since it was opened. */
  readonly assertUnchanged: () => Promise<void>;
  readonly isSameFile: (other: FileHandle) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/**
 * Opens what is to be published. What can be read only once, such as standard input, is copied to a
 * temporary file that has no name any more when the first byte gets into it: however the process
 * ends, nothing of it is left.
 *
 * @param file a path, or `-` for standard input.
 * @param signal ends the copying.
 * @throws UsageError saying why it cannot be read.
 */
export async function openInput(file: string, signal: AbortSignal): Promise<Input> {
  if (file === "-") {
    const name = "standard input";
    return inputOf(name, await copyOf(process.stdin, name, signal));
  }
  const handle = await openFile(file);
  const stat = await handle.stat();
  if (stat.isFile()) return inputOf(file, handle, dirname(resolve(file)));
  if (stat.isDirectory()) throw unreadable(file, { code: "EISDIR" });
  return inputOf(file, await copyOf(handle.createReadStream(), file, signal));
}

async function inputOf(name: string, handle: FileHandle, directory?: string): Promise<Input> {
  const opened = await handle.stat();
  return {
    name,
    ...(directory === undefined ? {} : { directory }),
    bytes: opened.size,
    stream: () => handle.createReadStream({ start: 0, autoClose: false }),
    head: async (length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    },
    assertUnchanged: async () => {
      const now = await handle.stat();
      if (now.size !== opened.size || now.mtimeMs !== opened.mtimeMs) {
        throw new UsageError(`${name} was written to while it was read: run the command again.`);
      }
    },
    isSameFile: async (other) => {
      const { dev, ino } = await other.stat();
      return dev === opened.dev && ino === opened.ino;
    },
    close: () => handle.close(),
  };
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): UsageError {
  const code = String(codeOf(error));
  const what = UNREADABLE[code] ?? `cannot be read (${code})`;
  return new UsageError(`${file} ${what}: check the path. Nothing was sent.`);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: "is a directory",
  ENOENT: "does not exist",
};

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : error;

async function copyOf(source: Readable, name: string, signal: AbortSignal): Promise<FileHandle> {
  const copy = await openNameless();
  try {
    // Given to writeFile, the signal would be looked at only when more comes in, which may be never.
    await copy.writeFile(addAbortSignal(signal, source));
    return copy;
  } catch (error) {
    await copy.close();
    if (signal.aborted) throw error;
    throw new UsageError(
      `${name} cannot be copied to ${tmpdir()} (${codeOf(error)}): make room, or set TMPDIR. Nothing was sent.`,
    );
  }
}

/** A temporary file that only this process can reach: its name is gone before it holds anything. */
async function openNameless(): Promise<FileHandle> {
  const directory = await mkdtemp(join(tmpdir(), "onboarding-"));
  try {
    return await open(join(directory, "copy"), "wx+", 0o600);
  } finally {
    await rm(directory, { recursive: true });
  }
}
