import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";

// Strict, as a misspelt field would otherwise count as "all done" and lose the batch.
const responseSchema = v.nullish(
  v.strictObject({
    batchItemFailures: v.nullish(
      v.array(v.strictObject({ itemIdentifier: v.pipe(v.string(), v.minLength(1)) })),
    ),
  }),
);

/**
 * What a function with ReportBatchItemFailures got done: every record it does not name. `null`, `{}`
 * and an empty list mean all of them.
 *
 * @returns `undefined` when the whole batch counts as failed: an answer of another shape, or an
 *   item that is null, empty or not in the batch
 * Source: Lambda developer guide, "Handling errors for an SQS event source in Lambda".
 */
export function succeededRecords(records: SQSRecord[], answer: unknown): SQSRecord[] | undefined {
  const parsed = v.safeParse(responseSchema, answer);
  if (!parsed.success) return undefined;
  const items = parsed.output?.batchItemFailures ?? [];
  const failed = new Set(items.map(({ itemIdentifier }) => itemIdentifier));
  const remaining = records.filter(({ messageId }) => !failed.has(messageId));
  const isKnown = remaining.length === records.length - failed.size;
  return isKnown ? remaining : undefined;
}
