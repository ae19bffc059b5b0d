import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BodyTooLargeError, ConnectionError, createHttp } from "../../../lib/logto/http.ts";
import { type Answerer, startAnsweringServer } from "./answering-server.ts";
import { thrownBy } from "./thrown.ts";

async function ask(answerer: Answerer, signal = new AbortController().signal) {
  const server = await startAnsweringServer(answerer);
  const url = `${server.credentials.endpoint}/path?a=b`;
  const answer = await createHttp()({ method: "POST", url, headers: {}, body: "ä", signal });
  return { server, answer };
}

const chunked =
  (...chunks: readonly (string | Buffer)[]): Answerer =>
  (response) => {
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };

describe("a request", () => {
  test("is sent with its path and body, and answered with status and headers", async () => {
    const { server, answer } = await ask((response) => {
      response.writeHead(201, { "Total-Number": "3" }).end("done");
    });

    expect(server.requests).toEqual([{ method: "POST", path: "/path?a=b", body: "ä" }]);
    expect(answer.status).toBe(201);
    expect(answer.header("total-number")).toBe("3");
    expect(answer.header("location")).toBeUndefined();
    expect(await answer.text(4)).toBe("done");
    await server[Symbol.asyncDispose]();
  });

  test("takes the connection of the one before", async () => {
    await using server = await startAnsweringServer(chunked("done"));
    const http = createHttp();
    const signal = new AbortController().signal;
    for (let nth = 1; nth <= 3; nth++) {
      const { endpoint } = server.credentials;
      const answer = await http({ method: "GET", url: endpoint, headers: {}, signal });
      expect(await answer.text(100)).toBe("done");
      await new Promise(setImmediate);
    }
    expect(server.connections()).toBe(1);
  });

  test("to nobody is a failed connection with what the network said", async () => {
    const server = await startAnsweringServer(chunked());
    await server[Symbol.asyncDispose]();
    const { endpoint: url } = server.credentials;
    const signal = new AbortController().signal;

    const error = await thrownBy(createHttp()({ method: "GET", url, headers: {}, signal }));

    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("over TLS to a server that speaks none is a failed connection", async () => {
    await using server = await startAnsweringServer(chunked("done"));
    const url = server.credentials.endpoint.replace("http:", "https:");
    const signal = new AbortController().signal;

    const asking = createHttp()({ method: "GET", url, headers: {}, signal });

    await expect(asking).rejects.toThrow(ConnectionError);
    expect(server.requests).toEqual([]);
  });

  test("that is ended throws the reason, before the answer and within it", async () => {
    const reason = new Error("enough");
    const early = new AbortController();
    const late = new AbortController();
    const silent = ask(() => early.abort(reason), early.signal);
    await expect(silent).rejects.toBe(reason);

    const { server, answer } = await ask((response) => void response.write("some"), late.signal);
    const reading = answer.text(100);
    late.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await server[Symbol.asyncDispose]();
  });
});

describe.each(["text", "chunks"] as const)("a body as %s", (how) => {
  const read = async (answerer: Answerer, limitBytes: number): Promise<string> => {
    const { server, answer } = await ask(answerer);
    await using _ = server;
    if (how === "text") return await answer.text(limitBytes);
    const chunks = await Array.fromAsync(answer.chunks(limitBytes));
    return Buffer.concat(chunks).toString();
  };

  test("may be as long as the limit", async () => {
    expect(await read(chunked("12345", "67890"), 10)).toBe("1234567890");
  });

  test("is too long with a byte more; bytes count, not characters", async () => {
    await expect(read(chunked("12345", "67890", "1"), 10)).rejects.toThrow(BodyTooLargeError);
    await expect(read(chunked("ääää"), 7)).rejects.toThrow(BodyTooLargeError);
  });

  test("that announces to be longer is not waited for", async () => {
    const announcing: Answerer = (response) => {
      response.writeHead(200, { "content-length": "11" }).flushHeaders();
    };
    await expect(read(announcing, 10)).rejects.toThrow(BodyTooLargeError);
  });

  test("that is compressed is unpacked, and counts as long as it is then", async () => {
    const zipped: Answerer = (response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("1".repeat(1_000)));
    };
    expect(await read(zipped, 1_000)).toBe("1".repeat(1_000));
    await expect(read(zipped, 999)).rejects.toThrow(BodyTooLargeError);
  });

  test("that is not whole, or no gzip, is a failed connection", async () => {
    const broken: Answerer = (response) => {
      response.writeHead(200, { "content-length": "9" }).write("half", () => response.destroy());
    };
    const noGzip: Answerer = (response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
    };
    await expect(read(broken, 100)).rejects.toThrow(ConnectionError);
    await expect(read(noGzip, 100)).rejects.toThrow(ConnectionError);
  });

  test("that is empty is empty", async () => {
    expect(await read((response) => void response.writeHead(204).end(), 10)).toBe("");
  });
});
