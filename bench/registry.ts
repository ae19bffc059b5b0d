import { batch } from "./batch/batch.ts";
import type { Benchmark } from "./benchmark.ts";
import { list } from "./list/list.ts";
import { order } from "./order/order.ts";
import { overhead } from "./overhead/overhead.ts";
import { publish } from "./publish/main.ts";

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [batch, order, overhead, list, publish];
