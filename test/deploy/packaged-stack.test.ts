import { describe, expect, test } from "vitest";
import { checkAlarmTopic } from "./checks/alarm-topic.ts";
import { checkAlarms } from "./checks/alarms.ts";
import { checkEnvironment } from "./checks/environment.ts";
import { checkFunctions } from "./checks/functions.ts";
import { checkMetrics } from "./checks/metrics.ts";
import { checkQueues } from "./checks/queues.ts";
import { checkRoles } from "./checks/roles.ts";
import { checkSchedule } from "./checks/schedule.ts";
import { checkDeletion, checkSecretAndOutputs } from "./checks/secret-and-outputs.ts";
import { checkSpecification } from "./checks/specification.ts";
import { packageStack } from "./package-stack.ts";
import { deploy } from "./template.ts";

const KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000";
const SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:logto-AbCdEf";
const TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms";

/** Everything that a parameter can ask for beyond the defaults. */
const EVERYTHING = {
  kmsKeyArn: KEY,
  logtoSecretArn: SECRET,
  alarmTopicArn: TOPIC,
  outcomeTopicArn: "arn:aws:sns:us-east-1:000000000000:outcomes.fifo",
  outcomeEventBus: "arn:aws:events:us-east-1:000000000000:event-bus/outcomes",
  tracing: "Active",
};

// Before the tests are named: they are told from what is in the template. One after the other, for
// other tests run meanwhile.
const packaged = await packageStack();
const again = await packageStack();
const extended = await packageStack(EVERYTHING);

describe("the stack as it is by default", () => {
  const stack = deploy(packaged.template);
  checkSpecification(packaged.template, stack);
  checkFunctions(packaged, stack, false);
  checkEnvironment(packaged, stack);
  checkQueues(stack);
  checkRoles(packaged, stack, false);
  checkSchedule(stack);
  checkSecretAndOutputs(stack, {});
  checkDeletion(stack, "Delete");
  checkAlarms(stack, "ref:AlarmTopic");
  checkAlarmTopic(stack);
  checkMetrics(stack, "LogtoOnboarding/dev");
});

describe("the stack with all that can be asked for", () => {
  const stack = deploy(extended.template);
  checkSpecification(extended.template, stack);
  checkFunctions(extended, stack, true);
  checkEnvironment(extended, stack);
  checkQueues(stack, KEY);
  checkRoles(extended, stack, true);
  checkSchedule(stack);
  checkSecretAndOutputs(stack, { secret: SECRET, topic: TOPIC });
  checkAlarms(stack, TOPIC);
});

test("packaging again, elsewhere, gives the same bytes: zips and template", () => {
  expect(again.templateText).toBe(packaged.templateText);
  expect([...again.zips.keys()]).toEqual([...packaged.zips.keys()]);
  for (const [name, zip] of packaged.zips) {
    expect(Buffer.from(zip).equals(again.zips.get(name) ?? Buffer.of()), name).toBe(true);
  }
});
