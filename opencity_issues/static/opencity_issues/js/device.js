/* What this device holds of the site (templates/opencity_issues/components/device.html): the service worker and its
   updates, whether there is a connection, reports that wait, and whose device it is. Kept between pages in localStorage:
   `opencity-owner`, who is signed in; `opencity-drafts`, whose drafts lie here; `opencity-waiting`, that something waits. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const place = document.querySelector("[data-device]");
  if (!place) return;
  const known = place.dataset;
  const root = document.documentElement;
  const isKept = root.hasAttribute("data-kept");
  // A kept page knows nobody, which says nothing about who is signed in.
  const isOwn = "owner" in known && !isKept;
  const OWNER = "opencity-owner";
  const DRAFTS_OF = "opencity-drafts";
  const WAITING = "opencity-waiting";
  const DRAFTS = /^opencity-(report-|check:)/;
  const TIMER_MS = 60_000;
  let queue = null;

  const line = (name) => place.querySelector(`[data-device-${name}]`);

  /* Storage may be forbidden; then nothing is known from page to page. */
  function stored(name) {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return "";
    }
  }

  function store(name, value) {
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
    } catch {
      /* as above */
    }
  }

  /* Whose device it is */

  OpenCity.deviceOwner = () => (isOwn ? known.owner : stored(OWNER));

  /* Drafts of what was typed, and copies of pages: after signing out and before somebody else begins. */
  function leaveNothing() {
    try {
      Object.keys(localStorage).filter((name) => DRAFTS.test(name)).forEach((name) => localStorage.removeItem(name));
      sessionStorage.clear();
    } catch {
      /* as above */
    }
    return window.caches
      ?.keys()
      .then((names) => names.filter((name) => /^opencity:.*:(pages|data)$/.test(name)))
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .catch(() => null);
  }

  function noteOwner() {
    // A session that ended by itself leaves the drafts to their owner; another person begins with nothing.
    const before = stored(DRAFTS_OF);
    if (before && known.owner && known.owner !== before) leaveNothing();
    if (known.owner) store(DRAFTS_OF, known.owner);
    store(OWNER, known.owner);
  }

  /* Reports of this person on this device that were not sent. */
  async function unsent() {
    if (!stored(WAITING)) return [];
    const all = await (await openQueue()).all();
    return all.filter((one) => one.owner === known.owner && one.state !== "sent");
  }

  function watchSignOut() {
    if (!isOwn || !known.owner || !known.signOut) return;
    let settled = false;
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (settled || new URL(form.action, location.href).pathname !== known.signOut) return;
      event.preventDefault();
      const go = async () => {
        settled = true;
        store(OWNER, "");
        store(DRAFTS_OF, "");
        await leaveNothing();
        form.submit();
      };
      unsent()
        .catch(() => [])
        .then((left) => (left.length ? askBeforeLeaving(left, go) : go()));
    });
  }

  function askBeforeLeaving(left, go) {
    const dialog = place.querySelector("[data-leaving]");
    dialog.showModal();
    dialog.addEventListener("click", async (event) => {
      const answer = event.target.closest("[data-leave]")?.dataset.leave;
      if (!answer) return;
      if (answer === "remove") for (const one of left) await queue.remove(one.key);
      await go();
    });
  }

  /* Reports that wait */

  function loadQueue() {
    if (OpenCity.Queue) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = known.queue;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  /* The queue of this device, with what every page does for it: says what waits and sends it when it can. */
  async function openQueue() {
    await loadQueue();
    if (queue) return queue;
    queue = new OpenCity.Queue({
      name: known.queueName, words: known.queueWords, photos: known.queuePhotos, open: known.queueOpen,
    });
    queue.onChange(showWaiting);
    window.addEventListener("online", () => queue.flush({ force: true }));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && queue.flush());
    watchTime();
    await showWaiting();
    return queue;
  }

  let timer = 0;

  /* The next try of what the server could not take. */
  async function watchTime() {
    clearTimeout(timer);
    const due = (await queue.all()).map((one) => one.notBefore || 0).filter((at) => at > Date.now());
    const wait = Math.min(TIMER_MS, ...due.map((at) => at - Date.now() + 50));
    timer = setTimeout(() => queue.flush().then(watchTime, watchTime), wait);
  }

  let seenSent = null;

  async function showWaiting() {
    const owner = OpenCity.deviceOwner();
    const all = (await queue.all()).filter((one) => !one.owner || one.owner === owner);
    const waiting = all.filter((one) => one.state !== "sent" && one.state !== "draft").length;
    store(WAITING, (await queue.all()).some((one) => one.state !== "sent") ? "yes" : "");
    const rule = new Intl.PluralRules(root.lang).select(waiting);
    const words = known[`waiting${rule[0].toUpperCase()}${rule.slice(1)}`] || known.waitingMany;
    line("waiting").querySelector("a").textContent = words.replace(/\d+/, String(waiting));
    line("waiting").hidden = !waiting;
    const sent = new Set(all.filter((one) => one.state === "sent").map((one) => one.number));
    const fresh = [...sent].filter((number) => seenSent && !seenSent.has(number));
    fresh.forEach((number) => OpenCity.toast?.(known.saySent.replace("{number}", number), "circle-check"));
    seenSent = sent;
    watchTime();
  }

  OpenCity.openQueue = openQueue;

  /* The browser wakes the worker when there is a connection, also with no page open; where it can. */
  OpenCity.sendLater = async function () {
    store(WAITING, "yes");
    navigator.storage?.persist?.().catch(() => null);
    const worker = await navigator.serviceWorker?.getRegistration(known.scope).catch(() => null);
    await worker?.sync?.register(known.queueName).catch(() => null);
  };

  /* The connection, and a page that is a copy */

  function showConnection() {
    const gone = navigator.onLine === false;
    line("offline").hidden = !gone || isKept || Boolean(document.querySelector("[data-says-offline]"));
  }

  function showKept() {
    const at = new Date(root.dataset.kept);
    const today = at.toDateString() === new Date().toDateString();
    const how = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "long" }) };
    const words = line("kept").querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{time}", at.toLocaleString(root.lang, how));
    line("kept").hidden = false;
  }

  /* The worker and its new versions */

  function offerUpdate(registration) {
    const button = line("update").querySelector("button");
    line("update").hidden = false;
    button.onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting?.postMessage("take-over");
    };
  }

  async function startWorker() {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const registration = await workers.register(known.worker, { scope: known.scope, updateViaCache: "none" });
    if (registration.waiting && workers.controller) offerUpdate(registration);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh?.addEventListener("statechange", () => {
        if (fresh.state === "installed" && workers.controller) offerUpdate(registration);
      });
    });
    if (isOwn) workers.ready.then((ready) => ready.active?.postMessage({ language: root.lang }));
    // The page that brought the worker came before it could keep it.
    if (!workers.controller) {
      const images = [...document.images].map((image) => image.currentSrc).filter(Boolean);
      const keep = () => workers.controller?.postMessage({ keep: location.href, images });
      workers.addEventListener("controllerchange", keep, { once: true });
    }
  }

  function offerInstalling() {
    window.addEventListener("beforeinstallprompt", (event) => {
      // No banner: a line among the links at the end of the page, for those who look for it.
      event.preventDefault();
      document.querySelectorAll("[data-install]").forEach((button) => {
        button.hidden = false;
        button.onclick = () => event.prompt().then(() => (button.hidden = true));
      });
    });
  }

  if (isOwn) noteOwner();
  watchSignOut();
  if (isKept) showKept();
  showConnection();
  window.addEventListener("online", showConnection);
  window.addEventListener("offline", showConnection);
  offerInstalling();
  if (stored(WAITING)) openQueue().then(() => queue.flush()).catch(() => null);
  const whenIdle = window.requestIdleCallback || setTimeout;
  if (document.readyState === "complete") whenIdle(() => startWorker().catch(() => null));
  else window.addEventListener("load", () => whenIdle(() => startWorker().catch(() => null)));
})();
