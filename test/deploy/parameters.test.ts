import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { derivedSettings } from "../../deploy/derived-settings.ts";
import {
  checkParameters,
  checkStage,
  ParameterError,
  parameterKinds,
} from "../../deploy/parameters.ts";

const serverlessYml = readFileSync(join(import.meta.dirname, "..", "..", "serverless.yml"), "utf8");
const { params } = parse(serverlessYml, { logLevel: "error" });
const defaults: Readonly<Record<string, unknown>> = params.default;

const complaintOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ParameterError) return error.message;
    throw error;
  }
  return expect.fail("there was no complaint");
};

describe("the parameters of serverless.yml", () => {
  test("are those that are checked, each used somewhere and with a default that is right", () => {
    expect(Object.keys(defaults).toSorted()).toEqual(Object.keys(parameterKinds).toSorted());
    expect(Object.keys(checkParameters(defaults))).toEqual(Object.keys(defaults));
    for (const stage of ["dev", "local"]) derivedSettings({ ...defaults, ...params[stage] });
  });
});

describe("a parameter", () => {
  test.each([
    ["invitationExpiresIn", "7 days", "an ISO 8601 duration of at most a year, such as P7D"],
    ["invitationIfPending", "Keep", "one of keep, resend, replace"],
    [
      "invitationMessage",
      "{locale:en}",
      'false, or the variables of the e-mail as JSON, such as {"locale":"en"}',
    ],
    [
      "invitationLink",
      "https://app.example/{token}",
      "nothing, or a URL, which may contain {organizationId}, {invitee}, {invitationId}, {oneTimeToken}",
    ],
    ["outcomeTopicArn", "outcomes", "nothing, or the ARN of an SNS topic"],
    ["outcomeEventBus", "default", "nothing, or the ARN of an EventBridge bus"],
    [
      "logtoSecretArn",
      "arn:aws:secretsmanager:us-east-1:000000000000:secret:logto",
      "nothing, or the whole ARN of a secret, with the six characters at its end",
    ],
    ["logtoRequestsPerSecond", "0", "a number above 0"],
    ["logtoRequestBurst", "1.5", "a whole number of at least 1"],
    ["logtoEmailCreatesInFlight", -1, "a whole number of at least 1"],
    ["logtoTimeout", 10, "an ISO 8601 duration such as PT10S or P7D"],
    ["invitationsConcurrency", 1, "a whole number from 2 to 1000"],
    ["roleScopesConcurrency", "many", "a whole number from 2 to 1000"],
    ["reconcileEveryHours", 5, "one of 1, 2, 3, 4, 6, 8, 12"],
    ["reconcileChangesAtMost", 0, "a whole number of at least 1"],
    [
      "invitationRemindAfter",
      "P3D,P3D",
      "nothing, or ISO 8601 durations that differ, separated by commas, such as P3D,P6D",
    ],
    [
      "invitationDeleteEndedAfter",
      "PT1H",
      "nothing, or an ISO 8601 duration of at least a day, such as P90D",
    ],
    ["kmsKeyArn", "alias/mine", "nothing, or the ARN of a KMS key"],
    ["tracing", true, "one of PassThrough, Active"],
    ["alarmTopicArn", "alarms", "nothing, or the ARN of an SNS topic"],
    ["alarmEmail", "nobody", "nothing, or an e-mail address"],
    ["deletionPolicy", "Keep", "one of Delete, Retain, RetainExceptOnCreate"],
    ["architecture", "arm", "one of arm64, x86_64"],
    ["deploymentMethod", "fast", "one of changesets, direct"],
    ["architecture", null, "one of arm64, x86_64"],
    ["architecture", ["arm64"], "one of arm64, x86_64"],
  ])(
    "%s of %j is refused in a sentence that names it and does not quote it",
    (name, value, kind) => {
      expect(complaintOf(() => checkParameters({ [name]: value }))).toBe(
        `The parameter ${name} cannot be used: set it to ${kind}.`,
      );
    },
  );

  test("that is not known is an error that names the nearest one", () => {
    expect(complaintOf(() => checkParameters({ invitationsLink: "" }))).toBe(
      "There is no parameter invitationsLink: did you mean invitationLink?",
    );
    expect(complaintOf(() => checkParameters({ constructor: "" }))).toMatch(
      /^There is no parameter constructor: /,
    );
  });

  test.each([
    ["invitationMessage", false],
    ["invitationMessage", '{"locale":"en"}'],
    ["invitationLink", "https://app.example/{invitationId}"],
    ["outcomeTopicArn", "arn:aws:sns:eu-central-1:000000000000:outcomes.fifo"],
    ["outcomeEventBus", "arn:aws-us-gov:events:us-gov-west-1:000000000000:event-bus/default"],
    ["logtoSecretArn", "arn:aws:secretsmanager:us-east-1:000000000000:secret:a/b-AbCdEf"],
    ["kmsKeyArn", "arn:aws:kms:us-east-1:000000000000:key/mrk-1234"],
    ["logRetentionDays", "3653"],
    ["invitationsConcurrency", 1000],
  ])("%s may be %j", (name, value) => {
    expect(checkParameters({ [name]: value })).toEqual({ [name]: String(value) });
  });
});

describe("a stage", () => {
  test.each(["prod", "Test-2", "a", "eighteen-letters-a"])("may be called %s", (stage) => {
    expect(() => checkStage(stage)).not.toThrow();
  });

  test.each(["", "2nd", "a_b", "a.b", "nineteen-characters"])("may not be called %j", (stage) => {
    expect(complaintOf(() => checkStage(stage))).toMatch(/^The stage cannot be used: .*\.$/);
  });

  test("of the longest name fits into a role's name in every region", () => {
    const name = `logto-onboarding-${"a".repeat(18)}-us-isof-south-1-dead-letters`;
    expect(name.length).toBeLessThanOrEqual(64);
  });
});

describe("parameters together", () => {
  test("must leave every container a request", () => {
    const complaint = complaintOf(() => derivedSettings({ ...defaults, logtoRequestBurst: 10 }));
    expect(complaint).toMatch(
      /^The parameters logtoRequestsPerSecond, .* leave a container without a request: .*\.$/,
    );
  });

  test("must not name an address for a topic that somebody else owns", () => {
    const both = {
      ...defaults,
      alarmTopicArn: "arn:aws:sns:us-east-1:000000000000:alarms",
      alarmEmail: "ops@example.com",
    };
    expect(complaintOf(() => derivedSettings(both))).toMatch(
      /^The parameter alarmEmail is for .*\.$/,
    );
  });

  test("must not delete an invitation before it could be renewed", () => {
    const both = {
      ...defaults,
      invitationRenewExpiredWithin: "P30D",
      invitationDeleteEndedAfter: "P30D",
    };
    expect(complaintOf(() => derivedSettings(both))).toBe(
      "The parameter invitationDeleteEndedAfter cannot be used: set it to a duration longer than invitationRenewExpiredWithin.",
    );
  });

  test("give the template durations in seconds", () => {
    expect(derivedSettings({ ...defaults, alarmOldestMessage: "PT90M" })).toMatchObject({
      alarmOldestMessageSeconds: 5400,
      reconcileEverySeconds: 3600,
    });
  });
});
