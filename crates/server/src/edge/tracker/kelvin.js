// kelvin.js: a site's page views, forms and calls, for Kelvin.
// <script async src="https://HOST/kelvin.js" data-write-key="KEY"></script>
(() => {
  if (window.kelvin?.track) return;
  const script = document.currentScript;
  const { writeKey, consent: asks, domain, pages } = script.dataset;
  const url = new URL("/v1/batch", script.src).href;
  // Calls that were made before this was loaded: [["track", "Demo Requested"], …]
  const early = Array.isArray(window.kelvin) ? window.kelvin : [];
  const refused = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  // undefined: not known yet. Until then nothing is sent, and nothing kept or read on the device.
  let allowed = refused ? false : asks === "required" ? undefined : true;
  let held = [];
  let visitor, user, place, timer, sending, failures = 0;

  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Storage may be full or forbidden: then memory must do.
  const memory = {};
  const recall = (key) => {
    try {
      return JSON.parse(localStorage.getItem(`kelvin_${key}`)) ?? memory[key];
    } catch {
      return memory[key];
    }
  };
  const keep = (key, value) => {
    memory[key] = value;
    try {
      if (value == null) localStorage.removeItem(`kelvin_${key}`);
      else localStorage.setItem(`kelvin_${key}`, JSON.stringify(value));
    } catch {}
  };

  const setCookie = (value, seconds) => {
    const ends = [location.protocol === "https:" && "secure", domain && `domain=${domain}`].filter(Boolean);
    document.cookie = [`kelvin_id=${value}`, "path=/", `max-age=${seconds}`, "samesite=lax", ...ends].join("; ");
  };
  const anonymousId = () => {
    visitor ??= /(?:^|; )kelvin_id=(\w+)/.exec(document.cookie)?.[1] ?? random();
    setCookie(visitor, 31536000);
    return visitor;
  };

  // The queue is in storage: what one page could not send, the next one does. What is sent twice counts once.
  const queue = () => recall("queue") ?? [];
  const enqueue = (event) => {
    user ??= recall("user");
    keep("queue", [...queue(), { anonymousId: anonymousId(), userId: user, ...event }].slice(-200));
    timer ??= setTimeout(flush, 100);
  };
  const pack = (batch) => JSON.stringify({ writeKey, sentAt: new Date(), batch });
  const post = (body) => fetch(url, { method: "POST", body, keepalive: body.length < 6e4, credentials: "omit" });
  const flush = async () => {
    timer = undefined;
    const batch = queue().slice(0, 20);
    if (!allowed || sending || !batch.length) return;
    sending = true;
    // Text, not JSON: browsers send it without asking first.
    const answer = await post(pack(batch)).catch(() => ({ status: 503 }));
    sending = false;
    if (!allowed) return;
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
      const wait = +answer.headers?.get("retry-after") || Math.min(2 ** failures++, 60);
      timer ??= setTimeout(flush, wait * 1000);
      return;
    }
    failures = 0;
    if (!answer.ok) console.warn(`kelvin.js: events were refused with status ${answer.status}`);
    keep("queue", queue().filter((event) => !batch.some((sent) => sent.messageId === event.messageId)));
    flush();
  };
  // Nobody hears the answer to what is sent now, so it stays in the queue.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !allowed) return;
    const batch = queue().slice(0, 20);
    if (!batch.length) return;
    const body = pack(batch);
    if (!navigator.sendBeacon?.(url, body)) post(body).catch(() => {});
  }, true);

  const here = () => ({
    path: location.pathname,
    search: location.search,
    url: location.href,
    title: document.title,
    referrer: document.referrer,
  });
  const campaign = () => {
    const tags = [...new URLSearchParams(location.search)].filter(([key]) => key.startsWith("utm_"));
    return tags.length ? Object.fromEntries(tags.map(([key, value]) => [key.slice(4), value])) : undefined;
  };
  const send = (type, event) => {
    if (allowed === false) return;
    const { language: locale, userAgent } = navigator;
    const context = { page: here(), campaign: campaign(), locale, userAgent, library: { name: "kelvin.js" } };
    event = { type, messageId: random(), timestamp: new Date(), context, ...event };
    if (allowed) enqueue(event);
    else held.push(event);
  };

  const kelvin = (window.kelvin = {
    identify(id, traits) {
      if (typeof id === "object") [id, traits] = [undefined, id];
      if (id != null) user = `${id}`;
      if (id != null && allowed) keep("user", user);
      send("identify", { traits });
    },
    track: (event, properties) => send("track", { event, properties }),
    page(name, properties) {
      if (typeof name === "object") [name, properties] = [undefined, name];
      place = location.pathname + location.search;
      send("page", { name, properties: { ...here(), ...properties } });
    },
    group: (groupId, traits) => send("group", { groupId, traits }),
    reset() {
      visitor = user = undefined;
      keep("user");
      setCookie("", 0);
    },
    consent(given) {
      if (refused) return;
      allowed = !!given;
      if (allowed) {
        if (user) keep("user", user);
        held.forEach(enqueue);
      } else {
        keep("queue");
        kelvin.reset();
      }
      held = [];
    },
    push: ([name, ...rest]) => kelvin[name]?.(...rest),
  });

  // Forms that ask for it; never what is secret, hidden or left out.
  const secret = /^(password|hidden|file|submit|button|reset|image)$/;
  addEventListener("submit", ({ target: form }) => {
    const event = form.getAttribute("data-kelvin-form");
    if (event == null) return;
    const fields = [...form.elements].filter((field) =>
      field.name && field.value && !secret.test(field.type) && !/cc-/.test(field.autocomplete) &&
      (field.checked || !/^(checkbox|radio)$/.test(field.type)) && !field.closest("[data-kelvin-ignore]"));
    kelvin.identify(Object.fromEntries(fields.map((field) => [field.name, field.value])));
    kelvin.track(event || "Form Submitted", { form: form.getAttribute("id") ?? form.getAttribute("name") });
  }, true);

  early.forEach(kelvin.push);
  if (pages === "manual") return;
  kelvin.page();
  const moved = () => location.pathname + location.search !== place && kelvin.page();
  const { pushState } = history;
  history.pushState = function (...state) {
    pushState.apply(this, state);
    moved();
  };
  addEventListener("popstate", moved);
})();
