import { refuseOptions, scriptOptions } from "../../local/script-options.ts";
import { table } from "../../local/table.ts";
import { runFaults } from "./run.ts";

/**
 * `npm run test:faults -- --events N --seed S`
 *
 * Of a hundred events 85 are about invitees, the others about the scopes of twelve roles; each invitee
 * and each role has a script of its own, whose events share a message group. The same scripts are
 * carried out once without faults and without a queue. What is checked is listed with its result:
 * above all that every event ends as it does there, and that Logto then holds the same invitations,
 * members and scopes.
 */

const USAGE = `npm run test:faults -- --events 5000 --seed 1
  --events  how many events, 5000 unless told
  --seed    a whole number; the same one lets the same things fail, 1 unless told`;

const values = scriptOptions(
  {
    events: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
  },
  USAGE,
);
const events = Number(values.events);
const seed = Number(values.seed);
if (!Number.isSafeInteger(events) || events < 1 || !Number.isSafeInteger(seed)) {
  refuseOptions("Give whole numbers", USAGE);
}

const { checks, facts } = await runFaults({ events, seed, log: (line) => console.error(line) });
console.log(`seed ${seed}`);
for (const [name, value] of facts) console.log(`${name}: ${value}`);
const rows = checks.map(({ promise, checked, violations }) => [
  promise,
  String(checked),
  violations.length === 0 ? "kept" : `BROKEN ${violations.length} times`,
]);
console.log(`\n${table([["promise", "checked", ""], ...rows])}`);
const broken = checks.filter(({ violations }) => violations.length > 0);
for (const { promise, violations } of broken) {
  console.log(`\n${promise}:`);
  for (const violation of violations.slice(0, 10)) console.log(`  ${violation}`);
}
console.log(`\n${checks.length - broken.length} passed, ${broken.length} failed`);
process.exit(broken.length === 0 ? 0 : 1);
