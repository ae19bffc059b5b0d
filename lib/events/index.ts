/** What producers import as `logto-onboarding/events`: docs/publishing-events.md. */
export {
  type EventData,
  type EventInput,
  InvalidEventError,
  invitationAccept,
  invitationCreate,
  invitationDelete,
  invitationResend,
  invitationRevoke,
  roleScopesAssign,
  roleScopesRemove,
  roleScopesReplace,
  roleScopesSync,
} from "./builders.ts";
export { type EventType, eventTypes } from "./event.ts";
export { type EventMessage, eventMessage, type MessageOrProblem } from "./message.ts";
export { PublishError, publishEvents } from "./publish.ts";
export type { QueueName } from "./queue-name.ts";
export type { QueueUrls } from "./send.ts";
