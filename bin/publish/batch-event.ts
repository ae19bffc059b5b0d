import { type MessageOrProblem, messageOf } from "../../lib/events/message.ts";
import { messageGroupId } from "../../lib/events/message-group.ts";
import { parseData } from "../../lib/events/parse.ts";
import type { Problem } from "../../lib/events/problem.ts";

/** What the rows of a CSV have in common: the name they get their ids from, and when it was asked for. */
export type Batch = { readonly name: string; readonly timeMs: number };

/** What a row may name. */
export const columns = [
  "organizationId",
  "invitee",
  "roles",
  "inviterId",
  "expiresIn",
  "locale",
  "link",
] as const;

type Column = (typeof columns)[number];

export const isRequired = (column: Column): boolean =>
  column === "organizationId" || column === "invitee";

/** A row by its columns; a cell that is empty is left out. */
export type Row = Readonly<Partial<Record<Column, string>>>;

/**
 * The `onboarding.invitation.create` of a row.
 *
 * Its id is the batch's name and the message group, which stands for the organization and the
 * invitee: the same row has the same id wherever it stands, and so has a row whose other cells were
 * changed. Its `time` is the batch's. So a repeat is recognised, and a batch invites a person into an
 * organization once.
 *
 * @param nowMs epoch milliseconds.
 * @returns the message, or what is wrong, by columns.
 */
export function rowMessage(row: Row, { name, timeMs }: Batch, nowMs: number): MessageOrProblem {
  const time = new Date(timeMs).toISOString();
  const data = dataOf(row);
  const parsed = parseData({ source: SOURCE, id: name, time }, { type: TYPE, data });
  if (!parsed.ok) return { ...parsed, problems: parsed.problems.map(byColumn) };
  const { event } = parsed;
  const { expiresIn } = event.type === TYPE ? event.data : {};
  if (expiresIn !== undefined && timeMs + expiresIn * 1000 <= nowMs) {
    const message = `has passed: it counts from the batch's time, ${time}`;
    return { ok: false, reason: "invalid-data", problems: [{ path: "expiresIn", message }] };
  }
  const groupId = messageGroupId(event);
  const id = `${name}-${groupId}`;
  const value = { specversion: "1.0", id, source: SOURCE, type: TYPE, time, ...CONTENT, data };
  return messageOf({ ...event, id }, value, groupId);
}

const SOURCE = "/onboarding/publish";
const TYPE = "onboarding.invitation.create";
const CONTENT = { datacontenttype: "application/json" };

function dataOf({ organizationId, invitee, roles, inviterId, expiresIn, locale, link }: Row) {
  return {
    organizationId,
    invitee,
    ...(roles === undefined ? {} : { organizationRoleIds: listOf(roles) }),
    ...(inviterId === undefined ? {} : { inviterId }),
    ...(expiresIn === undefined ? {} : { expiresIn: durationOf(expiresIn) }),
    ...(locale === undefined && link === undefined
      ? {}
      : {
          message: {
            ...(locale === undefined ? {} : { locale }),
            ...(link === undefined ? {} : { link }),
          },
        }),
  };
}

const listOf = (roles: string): readonly string[] =>
  roles
    .split(";")
    .map((role) => role.trim())
    .filter((role) => role !== "");

/** Digits alone are seconds. */
const durationOf = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** A problem of the event, told with the column that the value came from. */
const byColumn = ({ path, message }: Problem): Problem => {
  const field = path.replace(/^data\./, "").replace(/^message\./, "");
  const column = field.startsWith("organizationRoleIds") ? "roles" : field;
  return { path: columns.find((known) => known === column) ?? path, message };
};
