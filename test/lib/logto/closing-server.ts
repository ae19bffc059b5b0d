import { createServer } from "node:http";
import type { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/**
 * A server on a thread of its own, for what happens while this process stands still: told to, it
 * sends a message and closes every connection, and only then lets the other thread go on.
 */
const isClosed: Int32Array = workerData;
const sockets = new Set<Socket>();

const server = createServer((request, response) => {
  request.resume();
  const content = { id: "an-id", access_token: "t", expires_in: 3600, scope: "all", token: "t" };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(content));
});
server.on("connection", (socket) => {
  sockets.add(socket);
  socket.once("close", () => {
    sockets.delete(socket);
    if (sockets.size > 0) return;
    Atomics.store(isClosed, 0, 1);
    Atomics.notify(isClosed, 0);
  });
});
server.listen(0, "127.0.0.1", () => parentPort?.postMessage(server.address()));

parentPort?.on("message", () => {
  parentPort?.postMessage("an event");
  for (const socket of sockets) socket.destroy();
});
