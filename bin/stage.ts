import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { checkStage, ParameterError } from "../deploy/parameters.ts";
import { UsageError } from "./usage-error.ts";

const SERVICE = "logto-onboarding";

/**
 * The environment of a deployed stage, as far as commands need it: URLs of the queues, and the
 * secret's ARN as `LOGTO_SECRET_ID`. Read from the outputs of its stack.
 *
 * Source: DescribeStacks.
 *
 * @param queues logical id and variable of each queue.
 * @throws UsageError when it cannot be a stage's name, there is no such stack, or it is one of another kind.
 */
export async function stageEnvironment(
  stage: string,
  queues: Readonly<Record<string, { logicalId: string; variable: string }>>,
): Promise<Record<string, string>> {
  refuseWrongName(stage);
  const stackName = `${SERVICE}-${stage}`;
  const outputs = await readOutputs(stackName);
  const wanted = [
    ...Object.values(queues).map(({ logicalId, variable }) => [variable, `${logicalId}Url`]),
    ["LOGTO_SECRET_ID", "LogtoSecretArn"],
  ] as const;
  return Object.fromEntries(
    wanted.map(([variable = "", output = ""]) => {
      const value = outputs.get(output);
      if (value === undefined) {
        throw new UsageError(
          `The stack ${stackName} has no output ${output}: deploy this version of the project to it.`,
        );
      }
      return [variable, value];
    }),
  );
}

/** What no deployment takes for a stage's name is none. */
function refuseWrongName(stage: string): void {
  try {
    checkStage(stage);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new UsageError(`--stage is no name of a stage: ${NAMES}`);
  }
}

const NAMES = "a stage has up to 18 letters, digits and hyphens, a letter first.";

/**
 * The environment of a function of a deployed stage.
 *
 * Source: GetFunctionConfiguration.
 */
export async function functionEnvironment(
  stage: string,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const client = new LambdaClient({});
  try {
    const { Environment } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: `${SERVICE}-${stage}-${name}` }),
    );
    return Environment?.Variables ?? {};
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      throw new UsageError(
        `The stage ${stage} has no function ${name}: deploy this version of the project to it.`,
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}

async function readOutputs(stackName: string): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient({});
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError") {
      throw new UsageError(
        `There is no stack ${stackName} in this account and region: check --stage, --region and AWS_PROFILE.`,
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}
