/** SQS answered, and did not take a message. The code is SQS's own. */
export class RefusedMessageError extends Error {
  override readonly name = "RefusedMessageError";
  readonly code: string;

  constructor(code: string) {
    super(`SQS did not take an event (${code}): publish it again, which repeats nothing.`);
    this.code = code;
  }
}
