import * as v from "valibot";

/** What a function wrote, line by line, told apart. */
export type InvocationLog = {
  /** For a container's `onLine`. */
  readonly onLine: (line: string) => void;
  readonly text: () => string;
  /** The structured lines, in order. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** The structured lines about messages, in order. */
  readonly messageLines: () => readonly Readonly<Record<string, unknown>>[];
  /** The metrics in embedded metric format, one object for each line. */
  readonly metrics: () => readonly Readonly<Record<string, unknown>>[];
};

export function invocationLog(): InvocationLog {
  const lines: string[] = [];
  const objects = () =>
    lines.flatMap((line) => {
      const parsed = v.safeParse(jsonObject, line);
      return parsed.success ? [parsed.output] : [];
    });
  return {
    onLine: (line) => lines.push(line),
    text: () => lines.join("\n"),
    lines: objects,
    messageLines: () => objects().filter((line) => "messageId" in line),
    metrics: () => objects().filter((line) => "_aws" in line),
  };
}

const jsonObject = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));
