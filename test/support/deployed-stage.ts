import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** What stands for CloudFormation and Lambda of an account that one stage is deployed to. */
export type DeployedStage = {
  /** For the SDK's clients of these two services. */
  readonly environment: Readonly<Record<string, string>>;
  /** The outputs of its stack; a test may take one away. */
  readonly outputs: Map<string, string>;
  /** The environment of each function, by its full name. */
  readonly functions: Map<string, Readonly<Record<string, string>>>;
  /** What was asked: action and name, such as `DescribeStacks logto-onboarding-prod`. */
  readonly asked: string[];
  /** From now on nobody may ask. */
  readonly deny: () => void;
  readonly stop: () => Promise<void>;
};

/** @param stackName the only stack there is. */
export async function startDeployedStage(stackName: string): Promise<DeployedStage> {
  const outputs = new Map<string, string>();
  const functions = new Map<string, Readonly<Record<string, string>>>();
  const asked: string[] = [];
  let isDenied = false;

  const stacks = (body: string): Answer => {
    const form = new URLSearchParams(body);
    const name = form.get("StackName") ?? "";
    asked.push(`${form.get("Action")} ${name}`);
    if (isDenied) {
      const action = "cloudformation:DescribeStacks";
      return xmlError(
        403,
        "AccessDenied",
        `User: arn:aws:iam::000000000000:user/eve is not authorized to perform: ${action}`,
      );
    }
    if (name !== stackName) {
      return xmlError(400, "ValidationError", `Stack with id ${name} does not exist`);
    }
    return { status: 200, type: "text/xml", body: described(stackName, outputs) };
  };

  const configuration = (path: string): Answer => {
    const [, name = ""] = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(path) ?? [];
    asked.push(`GetFunctionConfiguration ${name}`);
    const variables = functions.get(name);
    const type = "application/json";
    if (variables !== undefined) {
      const body = JSON.stringify({ FunctionName: name, Environment: { Variables: variables } });
      return { status: 200, type, body };
    }
    const body = JSON.stringify({ Type: "User", Message: `Function not found: ${name}` });
    return { status: 404, type, body, error: "ResourceNotFoundException" };
  };

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = request.method === "POST" ? stacks(body) : configuration(request.url ?? "");
    response.writeHead(answer.status, {
      "content-type": answer.type,
      ...(answer.error === undefined ? {} : { "x-amzn-errortype": answer.error }),
    });
    response.end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server got no port.");
  const endpoint = `http://127.0.0.1:${address.port}`;
  return {
    environment: { AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint, AWS_ENDPOINT_URL_LAMBDA: endpoint },
    outputs,
    functions,
    asked,
    deny: () => {
      isDenied = true;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Answer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly error?: string;
};

const xmlError = (status: number, code: string, message: string): Answer => ({
  status,
  type: "text/xml",
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

const described = (stackName: string, outputs: ReadonlyMap<string, string>): string => {
  const members = [...outputs].map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>${stackName}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus>
<Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
};
