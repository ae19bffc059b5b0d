import type { Bar } from "./bars.ts";

/** One measurement: the same work done by several contenders, and what must hold of it. */
export type Benchmark = {
  /** For `--only`. */
  readonly name: string;
  /** What is measured, in one line. */
  readonly title: string;
  /** Whether it runs against the Logto of the environment where that names one. */
  readonly onRealLogto?: true;
  /**
   * Measures.
   *
   * @throws when a contender did not do its work: a figure without the work behind it says nothing.
   */
  readonly run: () => Promise<Findings>;
};

export type Findings = {
  /** One row for each contender or case. */
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
  /** What a reader has to know to judge the figures, each a sentence. */
  readonly notes?: readonly string[];
  readonly plots?: readonly Plot[];
};

export type Row = {
  readonly name: string;
  /** By what they are, with their unit: `median, ms`. */
  readonly figures: Readonly<Record<string, number | string>>;
};

/** A line for each series over the same two axes. */
export type Plot = {
  /** Of the file, without its extension. */
  readonly file: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
};

export type Axis = { readonly label: string; readonly isLogarithmic?: boolean };

export type Series = {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
};
