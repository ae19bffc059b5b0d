import { alternate, median } from "../alternate.ts";
import { atMost } from "../bars.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { type Crew, startCrew } from "./work-off.ts";

const ROUNDS = 3;

/** Small backlogs are worked off several times in a round: one alone is over before it can be measured. */
const backlogs = [
  { events: 100, times: 20 },
  { events: 1_000, times: 4 },
  { events: 10_000, times: 1 },
] as const;

/** Until the code is compiled. */
const WARM_UP_EVENTS = 2_000;

export const growth: Benchmark = {
  name: "growth",
  title:
    "time per event at a backlog of 100, 1,000 and 10,000 creates, a Logto that answers at once",
  run,
};

const OWN = "this project";
const NOTHING = "a function that does nothing";

async function run(): Promise<Findings> {
  const stage = await openStage();
  const own = startCrew(OWN, "functions/invitations.handler", stage);
  const nothing = startCrew(NOTHING, "bench/contenders/nothing-to-do.handler", stage);
  try {
    for (const crew of [own, nothing]) await crew.workOff(WARM_UP_EVENTS);
    const turns = [own, nothing].flatMap((crew) =>
      backlogs.map(({ events, times }) => ({
        name: nameOf(crew.name, events),
        run: () => timePerEvent(crew, events, times, stage),
      })),
    );
    const measured = await alternate(turns, { rounds: ROUNDS, warmUps: 0 });
    const of = (name: string, events: number): number =>
      median(measured.get(nameOf(name, events)) ?? []);
    const [{ events: few }, { events: some }, { events: many }] = backlogs;
    const beside = (events: number, fewer: number): number => of(OWN, events) / of(OWN, fewer);
    return {
      rows: backlogs.map(({ events }) => ({
        name: `${events.toLocaleString("en-US")} events`,
        figures: {
          "this project, ms an event": of(OWN, events),
          [`beside ${few}`]: beside(events, few),
          "a function that does nothing, ms an event": of(NOTHING, events),
        },
      })),
      bars: [
        atMost("time per event at 1,000 beside 100", beside(some, few), 1.15),
        atMost("time per event at 10,000 beside 1,000", beside(many, some), 1.15),
      ],
      notes: [
        `Two containers, batches of ten. Medians of ${ROUNDS} rounds. What the function that does nothing takes is the queue's time, and that of the way to a container.`,
        "Each backlog finds the containers idle. For their first batches they are slower, which shows where there are few.",
      ],
      plots: [
        {
          file: "growth",
          title: "Time per event by the size of the backlog",
          x: { label: "events in the queue", isLogarithmic: true },
          y: { label: "ms an event" },
          series: [OWN, NOTHING].map((name) => ({
            name,
            points: backlogs.map(({ events }) => [events, of(name, events)] as const),
          })),
        },
      ],
    };
  } finally {
    await Promise.all([own, nothing].map(({ stop }) => stop()));
    await stage.stop();
  }
}

const nameOf = (name: string, events: number): string => `${name}, ${events}`;

/** @throws Error when not all invitations were made, or some were that should not. */
async function timePerEvent(
  crew: Crew,
  events: number,
  times: number,
  stage: Stage,
): Promise<number> {
  let milliseconds = 0;
  for (let time = 0; time < times; time++) {
    const before = await stage.invitations();
    milliseconds += await crew.workOff(events);
    const made = (await stage.invitations()) - before;
    const expected = crew.name === OWN ? events : 0;
    if (made !== expected) throw new Error(`${crew.name} made ${made} of ${expected} invitations.`);
  }
  return milliseconds / (events * times);
}
