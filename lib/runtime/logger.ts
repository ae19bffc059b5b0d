import { Logger } from "@aws-lambda-powertools/logger";

/** The structured logger of a function. Give it facts, never an address, link, token or secret. */
export const createLogger = (serviceName: string): Logger => new Logger({ serviceName });
