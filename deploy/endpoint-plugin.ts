/** The part of serverless that this plugin uses. */
type Serverless = {
  readonly getProvider: (name: "aws") => AwsProvider;
};

type AwsProvider = {
  getAwsSdkV3Config: (options?: object) => Promise<object>;
  getStage: () => string;
};

/**
 * Lets serverless deploy to the AWS of `AWS_ENDPOINT_URL`, such as an emulator on this machine. Its
 * clients go there by themselves. But they put a bucket's name before the host's, and no name server
 * knows `bucket.localhost`.
 */
export default class EndpointPlugin {
  readonly hooks = {};

  constructor(serverless: Serverless) {
    if ((process.env["AWS_ENDPOINT_URL"] ?? "") === "") return;
    const provider = serverless.getProvider("aws");
    const original = provider.getAwsSdkV3Config.bind(provider);
    provider.getAwsSdkV3Config = (options = {}) => original({ forcePathStyle: true, ...options });
    if (provider.getStage() === "local") {
      // The clients ask for credentials where an emulator looks at none.
      process.env["AWS_ACCESS_KEY_ID"] ??= "local";
      process.env["AWS_SECRET_ACCESS_KEY"] ??= "local";
    }
  }
}
