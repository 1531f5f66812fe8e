// @segment/analytics-next in a real Chromium, with its `cdnURL` set to Kelvin and nothing else changed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";

import { doorman } from "./parts/doorman.mjs";
import { KEY, events, log, score, serve } from "./parts/kelvin.mjs";
import { leave, site, visitor } from "./parts/site.mjs";

after(leave);

const library = readFileSync(new URL("node_modules/@segment/analytics-next/dist/umd/index.js", import.meta.url));

/** A page with the library, which gets its settings from where it sends to. */
async function open(t, { url }) {
  const html = `<!doctype html><title>Acme</title><script src="/library.js"></script><script>
    window.analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey: "${KEY}", cdnURL: "${url}" });
    </script>`;
  const home = await site(t, { "/library.js": library, "*": html });
  const page = await (await visitor(t)).newPage();
  await page.goto(`${home}/pricing?utm_source=mail`);
  return { home, page };
}

test("each call arrives once, with its names, traits and times", async (t) => {
  const service = await serve(t);
  const before = Date.now();
  const { page } = await open(t, service);
  await page.evaluate(async () => {
    await analytics.identify("ada", { plan: "pro", name: "Ada" });
    await analytics.track("Demo Requested", { seats: 5 });
    await analytics.page("Pricing");
    await analytics.screen("Home");
    await analytics.group("acme", { employees: 50 });
    await analytics.alias("ada", "anonymous");
  });
  const seen = await events(service, 6);
  const types = seen.map((event) => event.type);
  assert.deepEqual(types, ["identify", "track", "page", "screen", "group", "alias"]);
  const [identify, track, view, , group] = seen;
  assert.deepEqual(identify.traits, { plan: "pro", name: "Ada" });
  assert.deepEqual([track.event, track.properties], ["Demo Requested", { seats: 5 }]);
  assert.deepEqual([view.name, view.properties.path, group.groupId], ["Pricing", "/pricing", "acme"]);
  assert.equal(track.context.campaign.source, "mail");
  for (const { timestamp } of seen) {
    assert.ok(before <= Date.parse(timestamp) && Date.parse(timestamp) <= Date.now(), timestamp);
  }
  assert.equal(await score(service, "ada"), 45);
});

for (const acts of [[503, 429], ["lose"]]) {
  test(`nothing is lost when requests first meet ${acts}`, async (t) => {
    const service = await serve(t);
    const front = await doorman(t, service, [...acts]);
    const { page } = await open(t, front);
    await page.evaluate(() => {
      for (let i = 0; i < 10; i++) analytics.track("Demo Requested");
    });
    await events(service, 10);
    assert.deepEqual([front.turned, (await log(service)).length], [acts, 10]);
  });
}
