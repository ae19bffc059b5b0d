import { alternate, median } from "../alternate.ts";
import { createRecords } from "../stage/records.ts";
import { openStage } from "../stage/stage.ts";
import { initialize } from "./initialize.ts";
import type { Packaged } from "./packaged.ts";

/**
 * Has functions carry out a create in fresh processes: what they load only then counts, and so do
 * reading the secret and asking for a token.
 *
 * @returns medians from the import to the answer, in milliseconds, by the function's name.
 * @throws Error when an invitation was not made.
 */
export async function firstEvents(
  functions: readonly Packaged[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const stage = await openStage();
  try {
    const turns = functions.map(({ name, module }) => ({
      name,
      run: async () => {
        const before = await stage.invitations();
        const payload = { Records: createRecords(stage, 1, false) };
        const { firstEventMs } = await initialize(module, {
          payload,
          environment: stage.environment,
        });
        if ((await stage.invitations()) !== before + 1) {
          throw new Error(`${name} did not make an invitation.`);
        }
        return firstEventMs ?? Number.NaN;
      },
    }));
    const measured = await alternate(turns, { rounds, warmUps: 2 });
    return new Map([...measured].map(([name, times]) => [name, median(times)]));
  } finally {
    await stage.stop();
  }
}
