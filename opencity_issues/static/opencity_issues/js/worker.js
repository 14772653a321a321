/* The service worker, after `self.OPENCITY` (views/kept_copies.py) and queue.js.
   Pages: the network first; a public page that shows nobody signed in is kept, and its copy shown, marked with its time,
   when the network is not there. Static files by their hashed names. Nothing else is touched: no cabinet, no account, no
   admin, no interface, no answer that says `no-store`. A page says itself that it may be kept (MARK, in base.html). */
(function () {
  "use strict";
  const KNOWN = self.OPENCITY;
  const START = `${KNOWN.name}${KNOWN.version}:start`;
  const PAGES = `${KNOWN.name}${KNOWN.version}:pages`;
  const DATA = `${KNOWN.name}${KNOWN.version}:data`;
  const FILES = `${KNOWN.name}${KNOWN.version}:files`;
  const MOST = { [PAGES]: 40, [DATA]: 120, [FILES]: 150 };
  const LONGEST_MS = 7 * 24 * 3600_000;
  const PATIENCE_MS = 10_000; // before a kept copy is shown instead of a page that does not come
  const MARK = '<meta name="opencity-public"';
  const KEPT_AT = "X-Opencity-Kept";
  const HASHED = /\.[0-9a-f]{8,}\.\w+$/;
  const pages = KNOWN.pages.map((pattern) => new RegExp(pattern));
  const data = KNOWN.data.map((pattern) => new RegExp(pattern));
  const queue = new self.OpenCity.Queue(KNOWN.queue);
  const whole = { ignoreVary: true };

  const isPage = (url) => pages.some((pattern) => pattern.test(url.pathname));
  const isData = (url) => data.some((pattern) => pattern.test(url.pathname));
  const says = (response, word) => (response.headers.get("Cache-Control") || "").includes(word);

  async function takeStart() {
    const cache = await caches.open(START);
    // Without credentials: nobody is known to the server, so nobody is in what it answers.
    const take = async (address, mustBe) => {
      const how = HASHED.test(address) ? "default" : "reload";
      const response = await fetch(new Request(address, { credentials: "omit", cache: how }));
      if (response.ok) await cache.put(address, response);
      else if (mustBe) throw new Error(`${address}: ${response.status}`);
    };
    const shells = Object.values(KNOWN.shells).flatMap((one) => Object.values(one));
    await Promise.all([...shells.map((address) => take(address, true)), ...[...KNOWN.files, KNOWN.scheme].map((address) => take(address, false))]);
  }

  async function leaveNothingOld() {
    for (const name of await caches.keys()) {
      if (name.startsWith(KNOWN.name) && ![START, PAGES, DATA, FILES].includes(name)) await caches.delete(name);
    }
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  }

  async function put(name, request, response) {
    const cache = await caches.open(name);
    await cache.delete(request, whole); // so that the order is that of use
    await cache.put(request, response);
    const keys = await cache.keys();
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(key, whole);
  }

  const forget = async (name, request) => (await caches.open(name)).delete(request, whole);

  /* Keep a page if it may be kept; one that is gone by now goes here too. */
  async function keepPage(url, response) {
    const address = url.origin + url.pathname + url.search;
    if (response.status >= 400 && response.status < 500) return forget(PAGES, address);
    const type = response.headers.get("Content-Type") || "";
    if (response.status !== 200 || response.redirected || !type.startsWith("text/html") || says(response, "no-store")) return;
    const text = await response.text();
    if (!text.includes(MARK)) return;
    const headers = new Headers(response.headers);
    ["Content-Encoding", "Content-Length", "Set-Cookie"].forEach((name) => headers.delete(name));
    headers.set(KEPT_AT, new Date().toISOString());
    await put(PAGES, address, new Response(text, { status: 200, headers }));
  }

  async function keptPage(url) {
    const kept = await (await caches.open(PAGES)).match(url.origin + url.pathname + url.search, whole);
    if (!kept) return null;
    const at = kept.headers.get(KEPT_AT);
    if (Date.now() - Date.parse(at) > LONGEST_MS) return null;
    const text = (await kept.text()).replace("<html ", `<html data-kept="${at}" `);
    return new Response(text, { status: 200, headers: kept.headers });
  }

  /* Instead of a page that is not there: the report, which needs no network, or what can be read. */
  async function shell(url) {
    const wished = await queue.setting("language").catch(() => null);
    const shells = KNOWN.shells[wished] || KNOWN.shells[KNOWN.language];
    const address = url.pathname.startsWith(KNOWN.report) ? shells.report : shells.offline;
    return (await (await caches.open(START)).match(address, whole)) || Response.error();
  }

  async function rememberLanguage(language) {
    if ((await queue.setting("language")) !== language) await queue.set("language", language);
  }

  async function page(event, url) {
    const answer = (async () => (await event.preloadResponse) || fetch(event.request))();
    const mayBeKept = isPage(url);
    // The copy is taken before the browser gets the answer.
    const own = answer.then((response) => (mayBeKept ? response.clone() : null));
    event.waitUntil(own.then((response) => response && keepPage(url, response)).catch(() => null));
    const copy = mayBeKept ? await keptPage(url).catch(() => null) : null;
    const late = copy && new Promise((resolve) => setTimeout(() => resolve(copy), PATIENCE_MS));
    try {
      return await (late ? Promise.race([answer, late]) : answer);
    } catch {
      return copy || shell(url);
    }
  }

  /* Files with a hash in their name never change; others are asked for first. */
  async function file(event) {
    const { request } = event;
    const hashed = HASHED.test(new URL(request.url).pathname);
    const kept = await caches.match(request, whole);
    if (hashed && kept) return kept;
    try {
      const response = await fetch(request);
      // Where the device has no room, nothing is kept.
      if (response.status === 200) event.waitUntil(put(FILES, request, response.clone()).catch(() => null));
      return response;
    } catch (fault) {
      if (kept) return kept;
      throw fault;
    }
  }

  /* What public pages show besides: only what says that it is for everybody. */
  async function keepData(request, response) {
    if (response.status === 200 && says(response, "public")) await put(DATA, request, response);
    else if (response.status >= 400 && response.status < 500) await forget(DATA, request);
  }

  async function publicData(event) {
    const { request } = event;
    try {
      const response = await fetch(request);
      event.waitUntil(keepData(request, response.clone()).catch(() => null));
      return response;
    } catch (fault) {
      const kept = await (await caches.open(DATA)).match(request, whole);
      const first = kept || (await (await caches.open(START)).match(request, whole));
      if (first) return first;
      throw fault;
    }
  }

  self.addEventListener("install", (event) => event.waitUntil(takeStart()));
  self.addEventListener("activate", (event) => event.waitUntil(leaveNothingOld()));

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin || request.headers.has("Range")) return;
    if (url.pathname.startsWith(KNOWN.statics)) event.respondWith(file(event));
    else if (request.mode === "navigate") event.respondWith(page(event, url));
    else if (isData(url)) event.respondWith(publicData(event));
  });

  self.addEventListener("message", (event) => {
    if (event.data === "take-over") self.skipWaiting();
    if (event.data?.language) event.waitUntil(rememberLanguage(event.data.language).catch(() => null));
    if (event.data?.keep) {
      const url = new URL(event.data.keep);
      if (isPage(url)) event.waitUntil(fetch(url).then((response) => keepPage(url, response)).catch(() => null));
      const images = (event.data.images || []).filter((image) => isData(new URL(image)));
      for (const image of images) event.waitUntil(fetch(image).then((response) => keepData(image, response)).catch(() => null));
    }
  });

  self.addEventListener("sync", (event) => {
    if (event.tag === KNOWN.queue.name) event.waitUntil(queue.flush({ force: event.lastChance }));
  });
})();
