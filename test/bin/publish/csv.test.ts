import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Batch } from "../../../bin/publish/batch-event.ts";
import { readCsv } from "../../../bin/publish/csv.ts";
import type { Entry } from "../../../bin/publish/entry.ts";

const TIME = Date.parse("2026-03-01T12:00:00Z");
const spring: Batch = { name: "spring", timeMs: TIME };

/** Reads a CSV that comes in pieces of a few bytes, as it may over a pipe. */
async function read(
  csv: string | Buffer,
  { batch = spring, now = TIME, pieces = 7 } = {},
): Promise<readonly Entry[]> {
  const bytes = Buffer.from(csv);
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, index) =>
    bytes.subarray(index * pieces, (index + 1) * pieces),
  );
  return Array.fromAsync(readCsv(Readable.from(chunks), batch, now));
}

/** The events of good rows, what is wrong with the others. */
const told = (entries: readonly Entry[]): readonly unknown[] =>
  entries.map((entry) =>
    entry.ok
      ? JSON.parse(entry.message.body)
      : entry.flaws.map(({ line, path, message }) => `${line}: ${path} ${message}`),
  );

const problems = async (csv: string, options = {}): Promise<readonly unknown[]> =>
  told((await read(csv, options)).filter(({ ok }) => !ok)).flat();

const HEADER = "organizationId,invitee,roles,inviterId,expiresIn,locale,link";

describe("a row of a CSV", () => {
  test("is an invitation with everything it names", async () => {
    const link = "https://app.example.com/join";
    const csv = `${HEADER}\nacme,Ada@Example.com,member; admin,grace,P7D,de,${link}\n`;
    const [entry] = await read(csv);
    expect(entry).toMatchObject({ ok: true, line: 2, message: { queue: "invitations" } });
    // printf 'acme\nada@example.com' | sha256sum
    const group = "3925ccfb58c5af813dbf24da25b55261eab6667815200f646da1f6ac562c7216";
    expect(told(entry === undefined ? [] : [entry])).toEqual([
      {
        specversion: "1.0",
        id: `spring-${group}`,
        source: "/onboarding/publish",
        type: "onboarding.invitation.create",
        time: "2026-03-01T12:00:00.000Z",
        datacontenttype: "application/json",
        data: {
          organizationId: "acme",
          invitee: "Ada@Example.com",
          organizationRoleIds: ["member", "admin"],
          inviterId: "grace",
          expiresIn: "P7D",
          message: { locale: "de", link },
        },
      },
    ]);
  });

  test("names an organization and an invitee, and nothing else where its cells are empty", async () => {
    const expected = { organizationId: "acme", invitee: "ada@example.com" };
    for (const csv of [
      `${HEADER}\nacme,ada@example.com,,,,,`,
      "invitee,organizationId\nada@example.com,acme",
    ]) {
      expect(told(await read(csv))).toEqual([expect.objectContaining({ data: expected })]);
    }
  });

  test("may give its lifetime in seconds", async () => {
    const [event] = told(await read("organizationId,invitee,expiresIn\nacme,ada@example.com,3600"));
    expect(event).toMatchObject({ data: { expiresIn: 3600 } });
  });

  test("has a link without a locale, and the other way round", async () => {
    const csv =
      "organizationId,invitee,locale,link\nacme,a@example.com,de,\nacme,b@example.com,,https://example.com";
    expect(told(await read(csv))).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ message: { locale: "de" } }) }),
      expect.objectContaining({
        data: expect.objectContaining({ message: { link: "https://example.com" } }),
      }),
    ]);
  });
});

describe("what is wrong with a row is told with its line and columns", () => {
  test.each([
    ["acme,nobody,,,,,", "2: invitee must be an e-mail address"],
    [",ada@example.com,,,,,", "2: organizationId is required"],
    ["acme,,,,,,", "2: invitee is required"],
    [
      "acme,ada@example.com,,,7 days,,",
      "2: expiresIn must be an ISO 8601 duration such as P7D or PT12H",
    ],
    ["acme,ada@example.com,,,0,,", "2: expiresIn must be at least one second"],
    [`acme,ada@example.com,${"r".repeat(129)},,,,`, "2: roles must have at most 128 characters"],
    [`acme,ada@example.com,,,,${"l".repeat(65)},`, "2: locale must have at most 64 characters"],
    ["acme,ada@example.com", "2:  has 2 cells where the header has 7"],
    ["acme,ada@example.com,,,,,,", "2:  has 8 cells where the header has 7"],
  ])("%s", async (row, problem) => {
    expect(await problems(`${HEADER}\n${row}\n`)).toEqual([problem]);
  });

  test("all of it, of every row", async () => {
    const csv = `${HEADER}\nacme,nobody,,,7 days,,{x}\nacme,ada@example.com,,,,,\n,,admin,,,,\n`;
    expect(await problems(csv)).toEqual([
      "2: invitee must be an e-mail address",
      "2: expiresIn must be an ISO 8601 duration such as P7D or PT12H",
      expect.stringMatching(/^2: link must have no other placeholders than /),
      "4: organizationId is required",
      "4: invitee is required",
    ]);
  });

  test("a lifetime that is over, counted from the batch's time", async () => {
    const csv =
      "organizationId,invitee,expiresIn\nacme,ada@example.com,PT1H\nacme,alan@example.com,PT2H\n";
    expect(await problems(csv, { now: TIME + 3_600_000 })).toEqual([
      "2: expiresIn has passed: it counts from the batch's time, 2026-03-01T12:00:00.000Z",
    ]);
  });

  test("bytes that are no UTF-8", async () => {
    const csv = Buffer.from(
      "organizationId,invitee,roles\nacme,ada@example.com,M\u00FCller\n",
      "latin1",
    );
    expect(told(await read(csv))).toEqual([["2: roles must be UTF-8"]]);
  });

  test("a second row for the same person and organization", async () => {
    const csv = [
      "organizationId,invitee,roles",
      "acme,nobody,",
      "acme,ada@example.com,member",
      "globex,ada@example.com,member",
      "acme, ADA@example.com,admin",
    ].join("\n");
    expect(await problems(csv)).toEqual([
      "2: invitee must be an e-mail address",
      "5:  invites whom line 3 invites: a batch invites a person into an organization once",
    ]);
  });
});

describe("a header", () => {
  test.each([
    ["organizationId", "the header must name invitee as well"],
    ["roles", "the header must name organizationId and invitee as well"],
    ["organizationId,invitee,invitee", "the header names invitee twice"],
    [
      "organizationId,invitee,role",
      "the header's column role is not known, there are organizationId, ",
    ],
    ["acme,ada@example.com", "the header's column acme is not known, "],
    ["ada@example.com,acme", "the header's column 1 is not known, "],
    ["organizationId;invitee", "the columns must be separated by commas"],
    ["", "it is empty, expected a header"],
  ])("is refused: %s", async (header, sentence) => {
    const reading = read(
      `${header}\nacme,grace@example.com`.slice(0, header === "" ? 0 : undefined),
    );
    await expect(reading).rejects.toMatchObject({ name: "UnreadableError", line: 1 });
    await expect(reading).rejects.toThrow(sentence);
  });

  test("may stand in any order, with spaces, after blank lines and a byte order mark", async () => {
    const csv = "\uFEFF\n\r\n  invitee , organizationId\r\nada@example.com,acme";
    const [entry] = await read(csv);
    expect(entry).toMatchObject({ ok: true, line: 4 });
  });
});

describe("a CSV as RFC 4180 has it", () => {
  test("may end its lines in any way, and the last one not at all", async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const csv = ["organizationId,invitee", "acme,a@example.com", "acme,b@example.com"].join(end);
      expect((await read(csv)).map(({ ok, line }) => [ok, line])).toEqual([
        [true, 2],
        [true, 3],
      ]);
    }
  });

  test("has rows without content passed over, as spreadsheets leave them", async () => {
    const csv = "organizationId,invitee\n\n,\nacme,a@example.com\n , \n\n";
    expect((await read(csv)).map(({ line }) => line)).toEqual([4]);
  });

  test("counts lines as an editor does, also behind line breaks within quotes", async () => {
    const csv = [
      "organizationId,invitee,roles",
      'acme,a@example.com,"one\r\ntwo\r\nthree"',
      "acme,b@example.com,",
      '"acme",c@example.com,"x\n\ny"',
      "acme,d@example.com,",
    ].join("\r\n");
    const lines = (await read(csv)).map(({ line }) => line);
    expect(lines).toEqual([2, 5, 6, 9]);
  });

  test.each([
    ['acme,"ada@example.com', 3, "a quote is opened in this row and never closed"],
    ['acme,ada"x"@example.com', 3, "a quote stands in the middle of a cell"],
    ['acme,"ada"@example.com', 3, "a quote stands in the middle of a cell"],
    ['acme,"ada" @example.com', 3, "a quote stands in the middle of a cell"],
    [`acme,"${"x\n".repeat(40_000)}`, 3, "this row has more than 65536 characters"],
  ])("is not guessed at where its quotes are wrong: %.30s", async (row, line, sentence) => {
    const csv = `organizationId,invitee\nacme,grace@example.com\n${row}\n`;
    const reading = read(csv, { pieces: 1_000 });
    await expect(reading).rejects.toMatchObject({ name: "UnreadableError", line });
    await expect(reading).rejects.toThrow(sentence);
  });

  test("gives back whatever was written into its cells", async () => {
    const cell = fc
      .string({ unit: "binary", minLength: 1, maxLength: 20 })
      .map((text) => text.replace(/[\p{Cc}\uFFFD-\uFFFF]|\p{Cs}/gu, '",\n'));
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (written, pieces) => {
        const lines = written.map(([locale, role], index) =>
          ["acme", `a${index}@example.com`, quoted(locale), quoted(role)].join(","),
        );
        const csv = ["organizationId,invitee,locale,roles", ...lines].join("\r\n");
        const entries = await read(csv, { pieces });
        const given = entries.map((entry) =>
          entry.ok ? JSON.parse(entry.message.body).data : entry.given,
        );
        expect(given.map((data) => data.message?.locale ?? data.locale)).toEqual(
          written.map(([locale]) => locale),
        );
        const lengths = lines.map((line) => line.split("\n").length);
        expect(entries.map(({ line }) => line)).toEqual(
          lengths.map(
            (_, index) => 2 + lengths.slice(0, index).reduce((sum, size) => sum + size, 0),
          ),
        );
      }),
    );
  });
});

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
