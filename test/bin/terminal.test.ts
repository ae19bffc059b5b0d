import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { askLeave } from "../../bin/terminal.ts";
import { UsageError } from "../../bin/usage-error.ts";

/** A terminal at which somebody types this; `undefined` is Ctrl-D. */
function terminalWith(typed: string | undefined, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  if (typed === undefined) input.end();
  else input.write(typed);
  return { input, output };
}

const ask = (terminal: ReturnType<typeof terminalWith>) =>
  askLeave("Delete all?", "Nothing was deleted.", terminal);

describe("asking for leave", () => {
  test.each(["y\n", "Y\n", "yes\n", " yes \n"])("takes %j for a yes", async (typed) => {
    const terminal = terminalWith(typed);
    await ask(terminal);
    expect(String(terminal.output.read())).toContain("Delete all? [y/N] ");
  });

  test.each(["\n", "n\n", "yep\n", undefined])("takes %j for a no", async (typed) => {
    await expect(ask(terminalWith(typed))).rejects.toThrow(new UsageError("Nothing was deleted."));
  });

  test("needs somebody to be there", async () => {
    await expect(ask(terminalWith("y\n", false))).rejects.toThrow(
      new UsageError(
        '"Delete all?" cannot be asked, as there is no terminal: give --yes. Nothing was deleted.',
      ),
    );
  });
});
