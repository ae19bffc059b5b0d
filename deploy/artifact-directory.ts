import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * Where in the deployment bucket the artifacts go, told from nothing but them: the same sources then give
 * the same template. What has changed has another name, or CloudFormation would see no change.
 *
 * serverless reads the time at the name's beginning to tell old deployments from new ones.
 *
 * @param epochSeconds of the sources, as in SOURCE_DATE_EPOCH.
 * @param artifacts paths of the zips.
 */
export function artifactDirectory(epochSeconds: number, artifacts: readonly string[]): string {
  const time = new Date(epochSeconds * 1000);
  const hash = createHash("sha256");
  for (const path of artifacts)
    hash.update(createHash("sha256").update(readFileSync(path)).digest());
  return `${time.getTime()}-${time.toISOString()}-${hash.digest("hex").slice(0, 16)}`;
}
