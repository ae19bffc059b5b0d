import * as v from "valibot";

/** What a process took from its start to its end. */
export const usageSchema = v.object({ milliseconds: v.number(), peakBytes: v.number() });

export type Usage = v.InferOutput<typeof usageSchema>;

/** The pipe on which a contender's process tells it. */
export const USAGE_PIPE = 3;
