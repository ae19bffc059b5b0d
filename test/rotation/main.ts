import { refuseOptions, scriptOptions } from "../../local/script-options.ts";
import { rehearseRotation } from "./rehearse.ts";

/**
 * `npm run test:rotation -- --events N`
 *
 * docs/rotating-the-secret.md, carried out on this machine while events flow. It ends with 1 when one
 * of them failed.
 */

const USAGE = `npm run test:rotation -- --events 1500
  --events  how many events, at least 10, 1500 unless told`;

const values = scriptOptions({ events: { type: "string", default: "1500" } }, USAGE);
const events = Number(values.events);
if (!Number.isSafeInteger(events) || events < 10) {
  refuseOptions("Give a whole number of at least 10", USAGE);
}

const PATIENCE_MS = 300_000;

const rehearsal = await rehearseRotation({
  events,
  patienceMs: PATIENCE_MS,
  log: (line) => console.error(line),
});
const { failed } = rehearsal;
const reasons = [...Map.groupBy(failed, (reason) => reason)].map(
  ([reason, own]) => `${own.length} ${reason}`,
);
const rows = [
  ["events", events],
  ["failed", failed.length === 0 ? 0 : `${failed.length}: ${reasons.join(", ")}`],
  ["tried again", rehearsal.triedAgain],
  ["under way when the old secret was deleted", rehearsal.underWayAtDeletion],
  ["requests that Logto refused, and that were made again", rehearsal.refusals],
  ["token requests", rehearsal.tokenRequests],
  ["secret reads by the functions", rehearsal.secretReads],
  ["time", `${rehearsal.seconds.toFixed(1)} s`],
];
for (const [name, value] of rows) console.log(`${name}: ${value}`);
process.exit(failed.length === 0 ? 0 : 1);
