import { fileURLToPath } from "node:url";
import { type AwsClients, createAwsClients } from "../../../local/aws/clients.ts";
import { type AwsStandIn, startAwsStandIn } from "../../../local/aws/server.ts";

export const SERVICE_DIRECTORY = fileURLToPath(new URL("./fixtures/service", import.meta.url));

/** A stand-in with clients to it, both gone with `stop()`. */
export async function startStack(
  options: { port?: number } = {},
): Promise<{ standIn: AwsStandIn; clients: AwsClients; stop(): Promise<void> }> {
  const standIn = await startAwsStandIn(options);
  const clients = createAwsClients(standIn);
  const stop = async () => {
    clients.destroy();
    await standIn.stop();
  };
  return { standIn, clients, stop };
}
