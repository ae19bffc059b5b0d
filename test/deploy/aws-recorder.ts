import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** A request as it came in. */
export type RecordedRequest = {
  readonly host: string;
  /** Such as `UpdateStack` or `PUT /bucket/key`. */
  readonly call: string;
  readonly body: string;
};

export type AwsRecorder = {
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  readonly stop: () => Promise<void>;
};

const BUCKET = "deployments";

/**
 * Answers what `serverless deploy` asks of AWS while a stack is there and can be updated, and notes
 * the requests. It carries nothing out.
 *
 * @param functions the names of those that are deployed.
 */
export async function startAwsRecorder(
  stackName: string,
  functions: readonly string[] = [],
): Promise<AwsRecorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const call = callOf(request, body);
    requests.push({ host: request.headers.host ?? "", call, body });
    const isDeployed = functions.some((name) => call.includes(`/functions/${name}`));
    const { status, answer } = isDeployed ? DEPLOYED : answerTo(call, stackName);
    const type = isDeployed ? "application/json" : "text/xml";
    response.writeHead(status, { "content-type": type }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  return {
    port: address.port,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function callOf({ method, url = "" }: IncomingMessage, body: string): string {
  const action = new URLSearchParams(body).get("Action");
  return action ?? `${method} ${url.split("?")[0]}`;
}

function answerTo(call: string, stackName: string): { status: number; answer: string } {
  const results = resultsFor(stackName);
  const result = Object.hasOwn(results, call) ? results[call] : undefined;
  if (result !== undefined) {
    const answer = `<${call}Response><${call}Result>${result}</${call}Result></${call}Response>`;
    return { status: 200, answer };
  }
  if (call === `GET /${BUCKET}` || call === `GET /${BUCKET}/`) {
    return { status: 200, answer: "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>" };
  }
  // There are no functions yet; buckets and objects are taken.
  return { status: call.includes("/functions/") ? 404 : 200, answer: "" };
}

/** What Lambda says of a function, and when it is changed. */
const DEPLOYED = {
  status: 200,
  answer: JSON.stringify({
    Configuration: { PackageType: "Zip", State: "Active", LastUpdateStatus: "Successful" },
  }),
};

const resultsFor = (stackName: string): Readonly<Record<string, string>> => ({
  GetCallerIdentity:
    "<Arn>arn:aws:iam::000000000000:user/test</Arn><UserId>test</UserId><Account>000000000000</Account>",
  DescribeStacks: `<Stacks><member><StackName>${stackName}</StackName><StackId>${stackName}</StackId><StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks>`,
  DescribeStackResource: `<StackResourceDetail><PhysicalResourceId>${BUCKET}</PhysicalResourceId></StackResourceDetail>`,
  ValidateTemplate: "",
  UpdateStack: `<StackId>${stackName}</StackId>`,
  DescribeStackEvents: `<StackEvents><member>${event(stackName, "UPDATE_COMPLETE")}</member><member>${event(stackName, "UPDATE_IN_PROGRESS")}</member></StackEvents>`,
});

const event = (stackName: string, status: string): string =>
  `<EventId>${status}</EventId><StackName>${stackName}</StackName><LogicalResourceId>${stackName}</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>${status}</ResourceStatus>`;
