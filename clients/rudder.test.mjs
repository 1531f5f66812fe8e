// @rudderstack/rudder-sdk-node, with its data plane set to Kelvin and nothing else changed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import Analytics from "@rudderstack/rudder-sdk-node";

import { doorman } from "./parts/doorman.mjs";
import { KEY, events, log, score, serve } from "./parts/kelvin.mjs";

const client = (url, key = KEY) => new Analytics(key, { dataPlaneUrl: url, logLevel: "none" });

test("each call arrives once, with its names, traits and times", async (t) => {
  const service = await serve(t);
  const analytics = client(service.url);
  const before = Date.now();
  const ago = new Date(before - 3_600_000);
  analytics.identify({ userId: "ada", traits: { plan: "pro", name: "Ada" } });
  analytics.track({ userId: "ada", event: "Demo Requested", properties: { seats: 5 }, originalTimestamp: ago });
  analytics.page({ userId: "ada", name: "Pricing", properties: { path: "/pricing" } });
  analytics.screen({ userId: "ada", name: "Home" });
  analytics.group({ userId: "ada", groupId: "acme", traits: { employees: 50 } });
  analytics.alias({ userId: "ada", previousId: "anonymous" });
  await analytics.flush();
  const seen = await log(service);
  const after = Date.now();
  const types = seen.map((event) => event.type);
  assert.deepEqual(types, ["identify", "track", "page", "screen", "group", "alias"]);
  const [identify, track, page, , group] = seen;
  assert.deepEqual(identify.traits, { plan: "pro", name: "Ada" });
  assert.deepEqual([track.event, track.properties], ["Demo Requested", { seats: 5 }]);
  assert.deepEqual([page.name, page.properties.path, group.groupId], ["Pricing", "/pricing", "acme"]);
  // By our clock: what lies between the event and its sending is kept, the way here is not counted.
  const between = (time, from, to) => assert.ok(from <= Date.parse(time) && Date.parse(time) <= to, time);
  between(track.timestamp, ago.getTime(), ago.getTime() + (after - before));
  between(page.timestamp, before, after);
  assert.equal(await score(service, "ada"), 45);
});

test("a wrong key is refused and told", async (t) => {
  const service = await serve(t);
  const analytics = client(service.url, "wrong");
  const told = new Promise((tell) => analytics.errorHandler = (error) => tell(error.response.status));
  analytics.track({ userId: "ada", event: "Demo Requested" });
  assert.deepEqual([await told, await log(service)], [401, []]);
});

describe("nothing is lost when the service turns requests away or its answers are lost", { concurrency: true }, () => {
  for (const acts of [[503, 503], [429], ["lose", 503, "lose"]]) {
    test(`first ${acts}`, async (t) => {
      const service = await serve(t);
      const { url, turned } = await doorman(t, service, [...acts]);
      const analytics = client(url);
      for (let i = 0; i < 10; i++) analytics.track({ userId: "ada", event: "Demo Requested" });
      await analytics.flush();
      await events(service, 10);
      assert.deepEqual([turned, (await log(service)).length], [acts, 10]);
    });
  }
});
