import { describe } from "vitest";
import { checkEnvironment } from "./checks/environment.ts";
import { checkQueues } from "./checks/queues.ts";
import { checkRoles } from "./checks/roles.ts";
import { packageStack } from "./package-stack.ts";
import { deploy } from "./template.ts";

/** Everything that a parameter can ask for beyond the defaults. */
const KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000";
const EVERYTHING = {
  kmsKeyArn: KEY,
  outcomeTopicArn: "arn:aws:sns:us-east-1:000000000000:outcomes.fifo",
  outcomeEventBus: "arn:aws:events:us-east-1:000000000000:event-bus/outcomes",
  logtoSecretArn: "arn:aws:secretsmanager:us-east-1:000000000000:secret:logto-AbCdEf",
  alarmTopicArn: "arn:aws:sns:us-east-1:000000000000:alarms",
  tracing: "Active",
};

// Before the tests are named: they are told from what is in the template.
const [packaged, again, extended] = await Promise.all([
  packageStack(),
  packageStack(),
  packageStack(EVERYTHING),
]);

describe("the stack as it is by default", () => {
  const stack = deploy(packaged.template);
  checkQueues(stack);
  checkRoles(packaged, stack, false);
  checkEnvironment(packaged, stack);
});

describe("the stack with all that can be asked for", () => {
  const stack = deploy(extended.template);
  checkQueues(stack, KEY);
  checkRoles(extended, stack, true);
});
