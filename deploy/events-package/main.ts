import { join, resolve } from "node:path";
import { buildEventsPackage } from "./build.ts";

/** Builds the package of producers into `dist/events`, or the directory given: `npm run build:events`. */

const root = join(import.meta.dirname, "..", "..");
const [directory = join(root, "dist", "events")] = process.argv.slice(2);
await buildEventsPackage(root, resolve(directory));
