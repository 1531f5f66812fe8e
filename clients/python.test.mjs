// segment-analytics-python, with its host set to Kelvin and nothing else changed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { doorman } from "./parts/doorman.mjs";
import { KEY, log, score, serve } from "./parts/kelvin.mjs";

/** Runs one of the functions of `send.py`. */
async function send(what, url, ...flags) {
  const script = fileURLToPath(new URL("parts/send.py", import.meta.url));
  const python = process.env.KELVIN_PYTHON ?? "python3";
  await promisify(execFile)(python, [script, what, url, KEY, ...flags]);
}

for (const flags of [[], ["gzip"]]) {
  test(`each call arrives once, with its names, traits and times ${flags}`, async (t) => {
    const service = await serve(t);
    const before = Date.now();
    await send("calls", service.url, ...flags);
    const seen = await log(service);
    const types = seen.map((event) => event.type);
    assert.deepEqual(types, ["identify", "track", "page", "screen", "group", "alias"]);
    const [identify, track, page, , group] = seen;
    assert.deepEqual(identify.traits, { plan: "pro", name: "Ada" });
    assert.deepEqual([track.event, track.properties], ["Demo Requested", { seats: 5 }]);
    assert.deepEqual([page.name, page.properties.path, group.groupId], ["Pricing", "/pricing", "acme"]);
    const hour = 3_600_000;
    const ago = Date.parse(track.timestamp) - (before - hour);
    assert.ok(0 <= ago && ago <= Date.now() - before, track.timestamp);
    assert.equal(await score(service, "ada"), 45);
  });
}

describe("nothing is lost when the service turns requests away or its answers are lost", { concurrency: true }, () => {
  for (const acts of [[503, 503], [429], ["lose", 503, "lose"]]) {
    test(`first ${acts}`, async (t) => {
      const service = await serve(t);
      const { url, turned } = await doorman(t, service, [...acts]);
      await send("many", url);
      assert.deepEqual([turned, (await log(service)).length], [acts, 10]);
    });
  }
});
