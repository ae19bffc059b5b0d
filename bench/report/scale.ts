import type { Axis } from "../benchmark.ts";

/** An axis laid out: where values are, from 0 to 1, and which of them have a tick. */
export type Scale = {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
};

/** Lays out an axis: a linear one from 0, a logarithmic one over powers of ten. */
export function scaleOf({ isLogarithmic = false }: Axis, values: readonly number[]): Scale {
  return isLogarithmic ? logarithmic(values) : linear(values);
}

const WANTED_TICKS = 5;

function linear(values: readonly number[]): Scale {
  const greatest = Math.max(...values, Number.MIN_VALUE);
  const step = niceStep(greatest / WANTED_TICKS);
  const count = Math.ceil(greatest / step);
  // Rounded, so that no tick is 0.30000000000000004.
  const ticks = Array.from({ length: count + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
  return { place: (value) => value / (count * step), ticks };
}

/** The least of 1, 2 and 5, times a power of ten, that is not less. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function logarithmic(values: readonly number[]): Scale {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(Math.ceil(Math.log10(Math.max(...values))), first + 1);
  return {
    place: (value) => (Math.log10(value) - first) / (last - first),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index)),
  };
}
