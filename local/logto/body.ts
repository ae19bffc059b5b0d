import type { IncomingMessage } from "node:http";

export type Body =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; value: URLSearchParams }
  | { kind: "text"; value: string }
  | { kind: "malformed" }
  | { kind: "tooLarge" };

/** What Logto's body parser takes, in bytes. */
const maxBodyBytes = 1024 * 1024;

/** Reads a request to its end. JSON has to be an object or an array. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes <= maxBodyBytes) chunks.push(piece);
  }
  if (bytes > maxBodyBytes) return { kind: "tooLarge" };
  if (bytes === 0) return { kind: "none" };

  const text = Buffer.concat(chunks).toString("utf8");
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return parseJson(text);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { kind: "form", value: new URLSearchParams(text) };
  }
  return type.startsWith("text/") ? { kind: "text", value: text } : { kind: "none" };
}

function parseJson(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    const isStructure = typeof value === "object" && value !== null;
    return isStructure ? { kind: "json", value } : { kind: "malformed" };
  } catch {
    return { kind: "malformed" };
  }
}
