import * as v from "valibot";

/** An error as Secrets Manager answers it: the code becomes `__type`, by which the SDK knows it. */
export class SecretsManagerError extends Error {
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.name = "SecretsManagerError";
    this.code = code;
    this.statusCode = statusCode;
  }
}

const SecretId = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const ClientRequestToken = v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64)));
const VersionId = v.pipe(v.string(), v.minLength(32), v.maxLength(64));
const VersionStage = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const value = {
  SecretString: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(65536))),
  SecretBinary: v.optional(v.string()),
};

/** The parameters that matter here, per operation; others are ignored. */
export const requests = {
  CreateSecret: v.object({
    Name: v.pipe(v.string(), v.regex(/^[\w/+=.@-]{1,512}$/)),
    Description: v.optional(v.string()),
    ClientRequestToken,
    ...value,
  }),
  GetSecretValue: v.object({
    SecretId,
    VersionId: v.optional(VersionId),
    VersionStage: v.optional(VersionStage),
  }),
  PutSecretValue: v.pipe(
    v.object({
      SecretId,
      ClientRequestToken,
      VersionStages: v.optional(v.pipe(v.array(VersionStage), v.minLength(1)), ["AWSCURRENT"]),
      ...value,
    }),
    v.check(
      (request) => (request.SecretString === undefined) !== (request.SecretBinary === undefined),
      "You must provide either SecretString or SecretBinary.",
    ),
  ),
  UpdateSecretVersionStage: v.object({
    SecretId,
    VersionStage,
    RemoveFromVersionId: v.optional(VersionId),
    MoveToVersionId: v.optional(VersionId),
  }),
  DescribeSecret: v.object({ SecretId }),
  DeleteSecret: v.object({
    SecretId,
    ForceDeleteWithoutRecovery: v.optional(v.boolean(), false),
    RecoveryWindowInDays: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(7), v.maxValue(30)),
    ),
  }),
};

/**
 * Reads an operation's JSON body.
 *
 * @param body the bytes received
 * @throws {SecretsManagerError} InvalidParameterException, naming the parameter
 */
export function parseRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const request = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), String(body));
  if (request.success) return request.output;
  const [issue] = request.issues;
  const parameter = v.getDotPath(issue);
  const text = parameter === null ? issue.message : `${parameter}: ${issue.message}`;
  throw new SecretsManagerError("InvalidParameterException", text);
}

/** AWS's own words, where they are known. */
export const failures = {
  internal: () =>
    new SecretsManagerError("InternalServiceError", "An error occurred on the server side.", 500),
  unknownOperation: (operation: string) =>
    new SecretsManagerError(
      "UnknownOperationException",
      `The local Secrets Manager has no operation ${operation}, only ${Object.keys(requests).join(", ")}.`,
    ),
  secretNotFound: () =>
    new SecretsManagerError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    ),
  valueNotFound: (which: string) =>
    new SecretsManagerError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${which}`,
    ),
  secretExists: (name: string) =>
    new SecretsManagerError(
      "ResourceExistsException",
      `The operation failed because the secret ${name} already exists.`,
    ),
  versionExists: (token: string, name: string) =>
    new SecretsManagerError(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${name}.`,
    ),
  markedForDeletion: () =>
    new SecretsManagerError(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    ),
  scheduledForDeletion: () =>
    new SecretsManagerError(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ),
  stageNotOnVersion: () =>
    new SecretsManagerError(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    ),
  stageHeldBy: (stage: string, holder: string | undefined) =>
    new SecretsManagerError(
      "InvalidParameterException",
      holder === undefined
        ? `The staging label ${stage} is on no version, so RemoveFromVersionId must be left out.`
        : `The parameter RemoveFromVersionId must name the version that holds the staging label ${stage}: ${holder}.`,
    ),
  deleteTwoWays: () =>
    new SecretsManagerError(
      "InvalidParameterException",
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    ),
};
