import type { OnboardingEvent } from "../../lib/events/event.ts";
import type { Problem } from "../../lib/events/problem.ts";

/**
 * What is wrong with an invitation whose time has passed: it would become a dead letter. How long one
 * lives that names no expiry, only the function knows.
 *
 * @param time the event's, from which `expiresIn` counts.
 * @param nowMs epoch milliseconds.
 */
export function expiryProblem(
  event: OnboardingEvent,
  time: string,
  nowMs: number,
): Problem | undefined {
  if (event.type !== "onboarding.invitation.create") return undefined;
  const { expiresAt, expiresIn } = event.data;
  if (expiresAt !== undefined && expiresAt <= nowMs) {
    return { path: "data.expiresAt", message: `has passed: ${WOULD_HAVE_EXPIRED}` };
  }
  if (expiresIn !== undefined && Date.parse(time) + expiresIn * 1000 <= nowMs) {
    const message = `has passed, it counts from the time ${time}: ${WOULD_HAVE_EXPIRED}`;
    return { path: "data.expiresIn", message };
  }
  return undefined;
}

const WOULD_HAVE_EXPIRED = "the invitation would have expired before it is published";
