import * as v from "valibot";
import { text, timestamp } from "./fields.ts";

/**
 * The context attributes of a CloudEvent 1.0 in structured JSON mode.
 *
 * `source` and `id` together name the event: publish the same pair twice and the second one changes
 * nothing. `time` is when the change was asked for; where the publisher gives none, the time the
 * message was sent is taken. `traceparent` is the W3C trace context of the distributed tracing
 * extension; as W3C asks, one that is malformed counts as none. Other extension attributes are let
 * through and not read. An attribute that is null counts as absent.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export const envelope = v.looseObject({
  specversion: v.literal("1.0", 'must be "1.0"'),
  id: text(256),
  source: text(256),
  type: text(256),
  time: v.nullish(timestamp()),
  datacontenttype: v.nullish(
    v.pipe(
      v.string(),
      v.regex(/^application\/(?:[\w.-]+\+)?json(?:\s*;.*)?$/i, "must be application/json"),
    ),
  ),
  traceparent: v.fallback(
    v.nullish(v.pipe(v.string(), v.regex(/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/))),
    undefined,
  ),
  data: v.unknown(),
});

/** The attributes that every parsed event carries. */
export type EventAttributes = {
  readonly id: string;
  readonly source: string;
  /** RFC 3339; absent where the publisher gave none. */
  readonly time?: string;
  readonly traceparent?: string;
};
