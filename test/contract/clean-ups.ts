/** What was made and has to go again: only these ids are ever deleted. */
export type CleanUps = {
  /** Registers a path to DELETE. */
  add(path: string): void;
  /** Deletes everything registered, newest first, and forgets it. What is gone already is fine. */
  run(): Promise<void>;
};

/** Is told what there is to remove, in case nobody is left to do it. */
export type Journal = { added(path: string): void; removed(path: string): void };

export function createCleanUps(
  remove: (path: string) => Promise<number>,
  journal?: Journal,
): CleanUps {
  let paths: string[] = [];

  return {
    add(path) {
      paths.push(path);
      journal?.added(path);
    },
    async run() {
      const due = paths.reverse();
      paths = [];
      const left: string[] = [];
      for (const path of due) {
        const status = await remove(path).catch(() => 0);
        if (status === 204 || status === 404) journal?.removed(path);
        else left.push(`${path} (${status})`);
      }
      if (left.length > 0) throw new Error(`Not removed, please do it by hand: ${left.join(", ")}`);
    },
  };
}
