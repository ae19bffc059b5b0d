import type { IntrinsicScope } from "./intrinsics.ts";
import type { ServerlessConfig } from "./serverless-config.ts";

export interface Queue {
  url: string;
  arn: string;
  name: string;
}

export interface Secret {
  arn: string;
  name: string;
}

/**
 * What a template's intrinsic functions see: the pseudo parameters, the conditions, and the queues
 * and secrets created so far.
 *
 * @param known.queues by logical id; a queue without an ARN yet has ""
 */
export function createTemplateScope(known: {
  config: ServerlessConfig;
  queues: Map<string, Queue>;
  secrets: Map<string, Secret>;
  region: string;
}): IntrinsicScope {
  const { config, queues, secrets, region } = known;
  const pseudoParameters: Record<string, () => string | undefined> = {
    "AWS::Region": () => region,
    "AWS::Partition": () => "aws",
    "AWS::URLSuffix": () => "amazonaws.com",
    "AWS::StackName": () => `${config.service}-${config.provider.stage}`,
    // The only place an account shows without asking another service; "" while a queue is made.
    "AWS::AccountId": () => [...queues.values()].find(({ arn }) => arn !== "")?.arn.split(":")[4],
  };
  return {
    conditions: config.resources.Conditions,
    ref: (name) => pseudoParameters[name]?.() ?? queues.get(name)?.url ?? secrets.get(name)?.arn,
    getAtt(logicalId, attribute) {
      const queue = queues.get(logicalId);
      if (attribute === "Arn") return queue?.arn;
      if (attribute === "QueueName") return queue?.name;
      if (attribute === "QueueUrl") return queue?.url;
      return attribute === "Id" ? secrets.get(logicalId)?.arn : undefined;
    },
  };
}
