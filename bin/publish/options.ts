import { InvalidArgumentError } from "commander";
import * as v from "valibot";
import { timestamp } from "../../lib/events/fields.ts";
import type { TargetOptions } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import type { Format } from "./format.ts";

/** The options of `onboarding publish`, checked one by one. */
export type PublishOptions = TargetOptions & {
  format?: Format;
  batch?: string;
  /** Epoch milliseconds. */
  time?: number;
  newIds?: boolean;
  skipInvalid?: boolean;
  rejects?: string;
  concurrency: number;
  fromLine?: number;
  dryRun?: boolean;
  json?: boolean;
};

/** A batch's name stands in file names, in event ids and in logs. */
export function batchName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "Give up to 64 lower-case letters, digits, dots, dashes and underscores.",
  );
}

/** @returns epoch milliseconds. */
export function time(text: string): number {
  const parsed = v.safeParse(timestamp(), text);
  if (!parsed.success) {
    throw new InvalidArgumentError("Give a time with its zone, such as 2026-01-31T09:00:00Z.");
  }
  const timeMs = Date.parse(parsed.output);
  // What lies ahead would not be recognised when it is published again.
  if (timeMs > Date.now()) throw new InvalidArgumentError("Give a time that is not ahead.");
  return timeMs;
}

export const wholeNumber =
  (minimum: number, maximum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  };

/**
 * Checks what the options are together.
 *
 * @param isFile whether there is a file beside which something can be kept.
 * @throws UsageError
 */
export function checkOptions(format: Format, isFile: boolean, options: PublishOptions): void {
  const { batch, newIds, skipInvalid, rejects, fromLine, time: given } = options;
  if (format === "csv" && batch === undefined) {
    throw new UsageError(
      "A CSV needs --batch <name>: its rows get their event ids from it. The same name repeats nothing, a new one invites anew.",
    );
  }
  if (format === "csv" && newIds) {
    throw new UsageError(
      "--new-ids is for events that bring an id: give a CSV a new --batch name.",
    );
  }
  if (format === "json" && fromLine !== undefined) {
    throw new UsageError("--from-line is for files with one event to a line, NDJSON and CSV.");
  }
  if (batch !== undefined && !isFile && given === undefined) {
    throw new UsageError(
      `A batch that is no file needs --time: give ${new Date().toISOString()} now, and with every further run.`,
    );
  }
  if (rejects !== undefined && !skipInvalid) {
    throw new UsageError(
      "--rejects goes with --skip-invalid: without it nothing is sent of such a file.",
    );
  }
  if (skipInvalid && rejects === undefined && !isFile) {
    throw new UsageError("What is no file needs --rejects <file> beside --skip-invalid.");
  }
}
