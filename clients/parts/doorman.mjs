// A doorman before the service: turns requests away, or loses the answers to them, as long as the list that it is given.

import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** `acts` are statuses to answer at once, or `"lose"` to pass the request on and break off instead of answering. */
export async function doorman(test, service, acts) {
  const turned = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const act = request.method === "POST" ? acts.shift() : undefined;
    if (act) turned.push(act);
    if (typeof act === "number") return refuse(request, response, act);
    const { host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const hasBody = request.method !== "GET" && request.method !== "HEAD";
    const answer = await fetch(service.url + request.url, {
      method: request.method,
      headers: { ...headers, "x-forwarded-host": host },
      body: hasBody ? body : undefined,
    }).catch((broken) => console.error(`${request.method} ${request.url}: ${broken.cause ?? broken}`));
    // A service that breaks off, as one does that is stopped when a test ends, has a doorman that does.
    if (act === "lose" || !answer) return request.socket.destroy();
    // `fetch` has unpacked the body.
    const { "content-encoding": _packed, "content-length": _size, ...told } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, told).end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, turned };
}

/** As the service does when it is behind: with the time after which to come again. */
function refuse(request, response, status) {
  const origin = request.headers.origin;
  const open = origin ? { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" } : {};
  response.writeHead(status, { "retry-after": "1", ...open }).end();
}
