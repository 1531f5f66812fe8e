// kelvin.js on a site, in a real Chromium.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { doorman } from "./parts/doorman.mjs";
import { KEY, events, log, serve, until } from "./parts/kelvin.mjs";
import { leave, site, visitor } from "./parts/site.mjs";

after(leave);

/** A page with the tracker. */
const html = ({ url }, { attributes = "", body = "", before = "" } = {}) => `<!doctype html>
<title>Acme</title>
<script>${before}</script>
<script async src="${url}/kelvin.js" data-write-key="${KEY}" ${attributes}></script>
<body>${body}</body>`;

/** A service, a site that tracks for it, and somebody who visits it. */
async function scene(t, options = {}) {
  const service = await serve(t);
  const target = options.acts ? await doorman(t, service, [...options.acts]) : service;
  const home = await site(t, { "*": html(target, options) });
  const context = await visitor(t, options.browser);
  if (options.init) await context.addInitScript(options.init);
  const page = await context.newPage();
  return { service, target, home, context, page };
}

const tracked = (page) => page.waitForFunction(() => window.kelvin?.track);
const names = (events) => events.map((event) => event.event ?? event.type);
const nothing = async (service) => {
  await sleep(500);
  assert.deepEqual(await log(service), []);
};

test("a page view arrives with where it was, and from whom", async (t) => {
  const { service, home, context, page } = await scene(t);
  await page.goto(`${home}/pricing?plan=pro&utm_source=mail`, { referer: "https://search.example/" });
  const [view] = await events(service, 1);
  const { path, search, title, url } = view.properties;
  assert.deepEqual([view.type, path, search, title], ["page", "/pricing", "?plan=pro&utm_source=mail", "Acme"]);
  assert.equal(url, `${home}/pricing?plan=pro&utm_source=mail`);
  assert.deepEqual([view.context.campaign, view.context.library], [{ source: "mail" }, { name: "kelvin.js" }]);
  const [cookie] = await context.cookies(home);
  const { name, value, sameSite, domain } = cookie;
  assert.deepEqual([name, value, sameSite, domain], ["kelvin_id", view.anonymousId, "Lax", "localhost"]);
});

test("a visitor is the same on the next page, until reset", async (t) => {
  const { service, home, page } = await scene(t);
  await page.goto(`${home}/a`);
  await events(service, 1);
  await page.goto(`${home}/b`);
  await events(service, 2);
  await page.evaluate(() => (kelvin.reset(), kelvin.track("Later")));
  const [first, second, later] = await events(service, 3);
  assert.equal(first.anonymousId, second.anonymousId);
  assert.notEqual(later.anonymousId, first.anonymousId);
});

test("calls made before the tracker was there, and after, are sent in their order", async (t) => {
  const before = `window.kelvin = [["identify", "ada", { plan: "pro" }], ["track", "Demo Requested", { seats: 5 }]]`;
  const { service, home, page } = await scene(t, { before });
  await page.goto(home);
  await tracked(page);
  await page.evaluate(() => kelvin.group("acme", { employees: 50 }));
  const seen = await events(service, 4);
  assert.deepEqual(names(seen), ["identify", "Demo Requested", "page", "group"]);
  assert.deepEqual(seen.map((event) => event.userId), ["ada", "ada", "ada", "ada"]);
  const [identify, track, , group] = seen;
  assert.deepEqual([identify.traits, track.properties], [{ plan: "pro" }, { seats: 5 }]);
  assert.deepEqual([group.groupId, group.traits], ["acme", { employees: 50 }]);
});

test("who has said who they are stays so on later pages", async (t) => {
  const { service, home, page } = await scene(t);
  await page.goto(home);
  await tracked(page);
  await page.evaluate(() => kelvin.identify("ada"));
  await events(service, 2);
  await page.goto(`${home}/b`);
  await tracked(page);
  await page.evaluate(() => kelvin.identify({ plan: "pro" }));
  const seen = await events(service, 4);
  assert.deepEqual(seen.slice(2).map((event) => event.userId), ["ada", "ada"]);
});

test("a form that asks for it tells what was filled in, but nothing secret", async (t) => {
  const form = (attributes) => `<form ${attributes} onsubmit="return false">
    <input name="email" value="ada@acme.example"><input name="company" value="Acme">
    <input name="pin" type="password" value="1234"><input name="token" type="hidden" value="t0k3n">
    <input name="card" autocomplete="cc-number" value="4111"><input name="note" data-kelvin-ignore value="secret">
    <input name="news" type="checkbox" value="weekly" checked><input name="terms" type="checkbox" value="read">
    <input name="attributes" value=""><button name="go" value="1">Send</button></form>`;
  const body = form('id="other"') + form('id="demo" data-kelvin-form="Demo Requested"') + form("data-kelvin-form");
  const { service, home, page } = await scene(t, { body });
  await page.goto(home);
  await tracked(page);
  for (const button of await page.locator("button").all()) await button.click();
  const seen = await events(service, 5);
  assert.deepEqual(names(seen), ["page", "identify", "Demo Requested", "identify", "Form Submitted"]);
  assert.deepEqual(seen[1].traits, { email: "ada@acme.example", company: "Acme", news: "weekly" });
  assert.deepEqual(seen[2].properties, { form: "demo" });
});

test("nothing is sent or kept before consent, and nothing is lost by waiting for it", async (t) => {
  const { service, home, context, page } = await scene(t, { attributes: 'data-consent="required"' });
  await page.goto(`${home}/pricing`);
  await tracked(page);
  await page.evaluate(() => (kelvin.identify("ada"), kelvin.track("Demo Requested")));
  await nothing(service);
  const kept = () => page.evaluate(() => [document.cookie, localStorage.length]);
  assert.deepEqual([await context.cookies(), await kept()], [[], ["", 0]]);
  await page.evaluate(() => kelvin.consent(true));
  const seen = await events(service, 3);
  assert.deepEqual([names(seen), seen[0].properties.path], [["page", "identify", "Demo Requested"], "/pricing"]);
  assert.equal((await context.cookies()).length, 1);
  // Withdrawn: all that was kept goes, and what comes then is not held back for later.
  await page.evaluate(() => (kelvin.consent(false), kelvin.track("Unseen"), kelvin.consent(true), kelvin.track("Seen")));
  const more = await events(service, 4);
  assert.deepEqual([names(more).at(-1), more.at(-1).userId], ["Seen", undefined]);
  await page.evaluate(() => kelvin.consent(false));
  assert.deepEqual(await kept(), ["", 0]);
});

for (const signal of ["doNotTrack", "globalPrivacyControl"]) {
  test(`who asks by ${signal} is not tracked, whatever the page says`, async (t) => {
    const value = signal === "doNotTrack" ? '"1"' : "true";
    const init = `Object.defineProperty(navigator, "${signal}", { value: ${value} })`;
    const { service, home, page } = await scene(t, { init, attributes: 'data-consent="required"' });
    await page.goto(home);
    await tracked(page);
    await page.evaluate(() => (kelvin.consent(true), kelvin.identify("ada"), kelvin.track("Demo Requested")));
    await nothing(service);
    assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length]), ["", 0]);
  });
}

test("what happens as a page is left arrives, once", async (t) => {
  const { service, home, page } = await scene(t);
  await page.goto(home);
  await tracked(page);
  await page.evaluate(() => {
    kelvin.track("Demo Requested");
    location.href = "about:blank";
  });
  await page.waitForURL("about:blank");
  assert.ok(names(await events(service, 2)).includes("Demo Requested"));
  // The next page does not know that it arrived, and sends it again.
  await page.goto(home);
  await until(async () => (await log(service)).length >= 3);
  await until(() => page.evaluate(() => localStorage.getItem("kelvin_queue") === "[]"));
  assert.deepEqual(names(await log(service)).sort(), ["Demo Requested", "page", "page"]);
});

test("nothing is lost while the service turns requests away, or its answers are lost", async (t) => {
  const acts = [503, "lose", 429];
  const { service, target, home, page } = await scene(t, { acts });
  await page.goto(home);
  await tracked(page);
  for (let i = 0; i < 30; i++) await page.evaluate(() => kelvin.track("Demo Requested"));
  await page.goto(`${home}/later`);
  const seen = await events(service, 32);
  await until(() => page.evaluate(() => localStorage.getItem("kelvin_queue") === "[]"));
  assert.deepEqual([target.turned, seen.length, (await log(service)).length], [acts, 32, 32]);
});

test("a page that changes its address without loading is another page view", async (t) => {
  const { service, home, page } = await scene(t);
  await page.goto(`${home}/a`);
  await tracked(page);
  await page.evaluate(() => {
    history.pushState({}, "", "/b");
    history.pushState({}, "", "/b#part");
  });
  await page.evaluate(() => history.go(-2));
  const seen = await events(service, 3);
  assert.deepEqual(seen.map((event) => event.properties.path), ["/a", "/b", "/a"]);
});

test("a site may send its page views itself", async (t) => {
  const { service, home, page } = await scene(t, { attributes: 'data-pages="manual"' });
  await page.goto(`${home}/pricing`);
  await tracked(page);
  await nothing(service);
  await page.evaluate(() => kelvin.page("Pricing", { plan: "pro" }));
  const [view] = await events(service, 1);
  assert.deepEqual([view.name, view.properties.plan, view.properties.path], ["Pricing", "pro", "/pricing"]);
});

test("where storage is forbidden, events are sent all the same", async (t) => {
  const init = 'Object.defineProperty(window, "localStorage", { get() { throw new Error("forbidden") } })';
  const { service, home, page } = await scene(t, { init });
  await page.goto(home);
  await tracked(page);
  await page.evaluate(() => (kelvin.identify("ada"), kelvin.track("Demo Requested")));
  const seen = await events(service, 3);
  // The page view came before she said who she is: it is told under her name, as it is one visitor's.
  assert.deepEqual(seen.map((event) => event.userId), ["ada", "ada", "ada"]);
  assert.equal(new Set(seen.map((event) => event.anonymousId)).size, 1);
});
