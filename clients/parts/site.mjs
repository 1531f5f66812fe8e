// A web site of its own origin, and a browser to visit it with.

import { existsSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";

import { chromium } from "playwright-core";

/** Where Debian has it. */
const CHROMIUM = process.env.KELVIN_CHROMIUM ?? "/usr/bin/chromium";

/** Serves pages by their path; all others are like `"*"`. */
export async function site(test, pages) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const page = pages[pathname] ?? pages["*"];
    if (page === undefined) return response.writeHead(404).end();
    const kind = pathname.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(200, { "content-type": kind }).end(page);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${server.address().port}`;
}

let browser;

/** A person's browser that knows nothing yet: a headless one owns up to it, and what bots do never scores. Requests that leave this machine fail, and the test with them. */
export async function visitor(test, options = {}) {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no ${CHROMIUM}: install it, or name one in KELVIN_CHROMIUM`);
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${browser.version()} Safari/537.36`;
  const context = await browser.newContext({ userAgent, ...options });
  const strayed = [];
  await context.route((url) => !["localhost", "127.0.0.1"].includes(url.hostname), (route) => {
    strayed.push(route.request().url());
    return route.abort();
  });
  test.after(async () => {
    await context.close();
    if (strayed.length) throw new Error(`requests left this machine: ${strayed}`);
  });
  return context;
}

/** Ends the browser, after all tests of a file. */
export async function leave() {
  await browser?.close();
}
