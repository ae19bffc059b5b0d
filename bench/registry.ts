import { batch } from "./batch/batch.ts";
import type { Benchmark } from "./benchmark.ts";
import { calls } from "./calls/calls.ts";
import { coldStart } from "./cold-start/cold-start.ts";
import { drain } from "./drain/drain.ts";
import { growth } from "./growth/growth.ts";
import { list } from "./list/list.ts";
import { order } from "./order/order.ts";
import { overhead } from "./overhead/overhead.ts";
import { publish } from "./publish/main.ts";
import { roles } from "./roles/roles.ts";
import { stall } from "./stall/stall.ts";

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  batch,
  order,
  overhead,
  calls,
  drain,
  stall,
  roles,
  publish,
  list,
  coldStart,
  growth,
];
