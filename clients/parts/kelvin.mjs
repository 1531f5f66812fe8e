// A service as a process of its own, on an empty store in a folder that goes with it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export const KEY = "a-write-key";

const MODEL = `\
kelvin: 1
model: small
dimensions:
  fit:
    rules:
      - {id: pro, if: lead.plan == 'pro', points: 5}
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
      - {id: pricing, event: page, if: event.path.startsWith('/pricing'), points: 10}
`;

/** Starts a service and waits until it is ready; it ends with the test. */
export async function serve(test, ...more) {
  const folder = mkdtempSync(join(tmpdir(), "kelvin-clients-"));
  writeFileSync(join(folder, "model.yaml"), MODEL);
  const program = process.env.KELVIN_BIN ?? "kelvin";
  const flags = ["serve", "--model", "model.yaml", "--listen", "127.0.0.1:0", "--write-key", KEY, ...more];
  const child = spawn(program, flags, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  });
  const said = createInterface(child.stderr)[Symbol.asyncIterator]();
  for (let line = await said.next(); !line.done; line = await said.next()) {
    const url = /listening on (http:\S+)/.exec(line.value)?.[1];
    if (url) return ready({ url, said });
  }
  throw new Error("the service has ended");
}

async function ready(service) {
  await until(async () => (await fetch(`${service.url}/readyz`)).ok);
  return service;
}

/** The events that the service has, in the order of arrival. */
export async function log({ url }) {
  const lines = await (await fetch(`${url}/api/v1/events?limit=10000`)).text();
  return lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** The log, once it has so many events. */
export async function events(service, count) {
  let seen;
  await until(async () => (seen = await log(service)).length >= count);
  return seen;
}

/** The one score of a lead. */
export async function score({ url }, lead) {
  const answer = await (await fetch(`${url}/api/v1/leads/${encodeURIComponent(lead)}`)).json();
  return answer.scores[0].score;
}

/** Asks until it holds. */
export async function until(holds) {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`this never came to hold: ${holds}`);
}
