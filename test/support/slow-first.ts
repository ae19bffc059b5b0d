import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files take longest, in the order in which they are begun. */
const SLOW = ["/test/faults/", "/test/end-to-end/", "/test/docs/", "/test/bin/", "/test/contract/"];

/**
 * Begins the slowest files first. Left to the size of the files, which is all that a fresh clone knows,
 * the fault run would begin when everything else is over, and one processor would idle.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = SLOW.findIndex((folder) => moduleId.includes(folder));
      return found === -1 ? SLOW.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
