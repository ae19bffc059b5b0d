import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "@aws-sdk/client-sqs";
import { type CommandResult, onboarding } from "./command-line.ts";
import { type Queues, startQueues } from "./queues.ts";

export type PublishResult = CommandResult & { readonly messages: readonly Message[] };

export type PublishRun = {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onStart?: (child: ChildProcess) => void;
};

/** `onboarding publish` in a directory of its own, against the SQS stand-in. */
export type Publishing = {
  readonly queues: Queues;
  readonly directory: string;
  /** Writes a file of the directory, under a name of its own. What is no text becomes JSON. */
  readonly file: (name: string, content: unknown) => Promise<string>;
  /** Publishes to a new queue of this name, and takes out what arrived. */
  readonly publish: (
    queue: string,
    parameters: readonly string[],
    run?: PublishRun,
  ) => Promise<PublishResult>;
  readonly stop: () => Promise<void>;
};

export async function startPublishing(): Promise<Publishing> {
  const queues = await startQueues();
  const directory = await mkdtemp(join(tmpdir(), "onboarding-publish-"));
  return {
    queues,
    directory,
    file: async (name, content) => {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await writeFile(join(directory, name), text);
      return name;
    },
    publish: async (queue, parameters, { environment = {}, ...run } = {}) => {
      const url = await queues.create(queue);
      const result = await onboarding(["publish", ...parameters], {
        ...run,
        directory,
        environment: { ...queues.environment, INVITATIONS_QUEUE_URL: url, ...environment },
      });
      return { ...result, messages: await queues.drain(url) };
    },
    stop: async () => {
      await rm(directory, { recursive: true });
      await queues.stop();
    },
  };
}

/** The events that arrived, in the order of their ids. */
export const eventsOf = (messages: readonly Message[]): readonly Record<string, unknown>[] =>
  messages
    .map(({ Body = "" }) => JSON.parse(Body))
    .toSorted((a, b) => String(a.id).localeCompare(String(b.id)));

/** A CSV that invites so many people. */
export const customers = (count: number): string =>
  ["organizationId,invitee", ...Array.from({ length: count }, (_, index) => customer(index))].join(
    "\n",
  );

export const customer = (index: number): string => `acme,person-${index}@example.com`;
