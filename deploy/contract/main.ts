import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contractFiles } from "./files.ts";

/** Writes the contract as JSON Schema and AsyncAPI: `npm run contract`. */

const root = join(import.meta.dirname, "..", "..");
for (const [path, text] of Object.entries(contractFiles())) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
