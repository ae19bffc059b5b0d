// The stand-ins for Logto and AWS in a process of their own: what they compute is no contender's.
import { type AwsStandIn, startAwsStandIn } from "../../local/aws/server.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import type { Counts, StandInRequest, StandInSettings, Started } from "./stand-ins-protocol.ts";

process.on("disconnect", () => process.exit());

let standIns: { readonly logto: LogtoStandIn; readonly aws: AwsStandIn } | undefined;

process.on("message", async (request: StandInRequest) => {
  try {
    process.send?.({ id: request.id, answer: await answerTo(request) });
  } catch (error) {
    process.send?.({ id: request.id, error: String(error) });
  }
});

async function answerTo(request: StandInRequest): Promise<Started | Counts | undefined> {
  if (request.ask === "start") return start(request.settings);
  if (standIns === undefined) throw new Error("The stand-ins were not started.");
  const { logto, aws } = standIns;
  switch (request.ask) {
    case "seed":
      logto.seed(request.seed);
      return undefined;
    case "reset":
      logto.calls.reset();
      return undefined;
    case "counts":
      return {
        calls: logto.calls.counts(),
        statuses: logto.calls.statuses(),
        secretReads: aws.secretsManager.calls["GetSecretValue"] ?? 0,
        invitations: logto.state.invitations.size,
        emails: logto.outbox.length,
      };
  }
}

async function start({ seed = {}, faults = [], ...settings }: StandInSettings): Promise<Started> {
  const logto = await startLogtoStandIn(settings);
  logto.seed(seed);
  for (const fault of faults) logto.faults.add(fault);
  const aws = await startAwsStandIn();
  standIns = { logto, aws };
  return {
    awsEndpoint: aws.endpoint,
    credentials: {
      endpoint: logto.endpoint,
      appId: logto.app.id,
      appSecret: logto.app.secret,
      resource: logto.resource,
      hashKey: "bench",
    },
  };
}
