/** What a person at a terminal sees while something goes on. Elsewhere nothing is shown. */
export type Progress = {
  /** @param done of the total, so far. */
  readonly show: (done: number) => void;
  /** Takes it off the screen. */
  readonly end: () => void;
};

const SHOWN_EVERY_MS = 100;
const BAR_WIDTH = 20;

/**
 * A line on standard error with a bar, the rate and the time left, if that is a terminal.
 *
 * @param what such as "Publishing".
 * @param total how much there is to do, where that is known.
 */
export function startProgress(what: string, total?: number): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  const startedAt = performance.now();
  let nextAt = startedAt + SHOWN_EVERY_MS;
  return {
    show: (done) => {
      const now = performance.now();
      if (now < nextAt) return;
      nextAt = now + SHOWN_EVERY_MS;
      const text = progressText(what, done, total, (now - startedAt) / 1000);
      stderr.write(`\r\u001B[2K${text.slice(0, stderr.columns - 1)}`);
    },
    end: () => stderr.write("\r\u001B[2K"),
  };
}

/** @param seconds since it began. */
export function progressText(
  what: string,
  done: number,
  total: number | undefined,
  seconds: number,
): string {
  const perSecond = done / seconds;
  const rate = `${inWords(Math.round(perSecond))}/s`;
  if (total === undefined) return `${what} ${inWords(done)}  ${rate}`;
  const share = total === 0 ? 1 : done / total;
  const full = Math.floor(share * BAR_WIDTH);
  const bar = "#".repeat(full) + "-".repeat(BAR_WIDTH - full);
  const left = Math.ceil((total - done) / perSecond);
  const time = Number.isFinite(left) ? `  ${timeText(left)} left` : "";
  return `${what} [${bar}] ${inWords(done)} of ${inWords(total)}  ${rate}${time}`;
}

function timeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/** A number with commas between thousands. */
export const inWords = (count: number): string => count.toLocaleString("en");
