/* Reports that wait on this device for a network: kept in IndexedDB with their photos, and sent by whoever is there first,
   a page or the service worker. One sends at a time (Web Locks), photos first, then the words; every part has a key, so
   that what is sent again after a lost answer arrives once. Whose report it is, is settled before it goes: one that
   belongs to an account is sent by that account alone, and one written by nobody is sent by whoever said it is theirs.

   A report: key, owner ("" for nobody), state, words {title, description, categories, address, lng, lat, no_place,
   show_author, and question_<key> for what the city asks}, at; fault, open (it can be opened on the screens), tries, notBefore, claimedAt; number, url once sent.
   States: draft, waiting, sending, later (the server cannot now), sign-in, whose, refused, sent. */
(function () {
  "use strict";
  const OpenCity = (self.OpenCity = self.OpenCity || {});
  const FIRST_WAIT_MS = 5_000;
  const LONGEST_WAIT_MS = 30 * 60_000;
  const CLAIM_MS = 15 * 60_000; // how long "this is mine", said before signing in, holds
  const SENT_MS = 3 * 24 * 3600_000; // how long the list tells of what was sent
  const PHOTO_MS = 180_000;
  const WORDS_MS = 60_000;
  const TO_SEND = ["waiting", "sending", "later", "sign-in", "whose"];

  function answered(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  function finished(transaction) {
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  class Queue {
    /* name: of the database; words, photos, open: addresses. */
    constructor(addresses) {
      this.addresses = addresses;
      this.name = addresses.name;
      this.opened = null;
      this.flushing = null;
      this.channel = "BroadcastChannel" in self ? new BroadcastChannel(this.name) : null;
      this.listeners = [];
      if (this.channel) this.channel.onmessage = () => this.listeners.forEach((tell) => tell());
    }

    onChange(tell) {
      this.listeners.push(tell);
    }

    changed() {
      this.channel?.postMessage("changed");
      this.listeners.forEach((tell) => tell());
    }

    database() {
      this.opened ||= new Promise((resolve, reject) => {
        const request = indexedDB.open(this.name, 1);
        request.onupgradeneeded = () => {
          request.result.createObjectStore("reports", { keyPath: "key" });
          request.result.createObjectStore("photos", { keyPath: "key" }).createIndex("report", "report");
          request.result.createObjectStore("settings");
        };
        request.onsuccess = () => {
          // Another window brings a later layout: let it.
          request.result.onversionchange = () => request.result.close();
          resolve(request.result);
        };
        request.onerror = () => reject(request.error);
      });
      return this.opened;
    }

    async read(store, ask) {
      return answered(ask((await this.database()).transaction(store).objectStore(store)));
    }

    async write(stores, work) {
      const transaction = (await this.database()).transaction(stores, "readwrite");
      const done = finished(transaction);
      const result = await work(transaction);
      await done;
      return result;
    }

    setting(name) {
      return this.read("settings", (store) => store.get(name));
    }

    set(name, value) {
      return this.write(["settings"], (transaction) => transaction.objectStore("settings").put(value, name));
    }

    /* All reports, the oldest first; what was sent long ago is forgotten. */
    async all() {
      const reports = await this.read("reports", (store) => store.getAll());
      const old = reports.filter((one) => one.state === "sent" && Date.now() - one.sentAt > SENT_MS);
      for (const one of old) await this.remove(one.key);
      return reports.filter((one) => !old.includes(one)).sort((one, other) => one.at - other.at);
    }

    get(key) {
      return this.read("reports", (store) => store.get(key));
    }

    async put(report) {
      await this.write(["reports"], (transaction) => transaction.objectStore("reports").put(report));
      this.changed();
    }

    /* Change a report as it is by now. `unless`: a state in which it is left alone. Null where nothing was changed. */
    async change(key, change, unless) {
      const report = await this.write(["reports"], async (transaction) => {
        const store = transaction.objectStore("reports");
        const found = await answered(store.get(key));
        if (!found || found.state === unless) return null;
        Object.assign(found, change);
        store.put(found);
        return found;
      });
      this.changed();
      return report;
    }

    async remove(key) {
      const photos = await this.photosOf(key);
      await this.write(["reports", "photos"], (transaction) => {
        transaction.objectStore("reports").delete(key);
        photos.forEach((photo) => transaction.objectStore("photos").delete(photo.key));
      });
      this.changed();
    }

    async photosOf(key) {
      const photos = await this.read("photos", (store) => store.index("report").getAll(key));
      return photos.sort((one, other) => one.order - other.order);
    }

    putPhoto(photo) {
      return this.write(["photos"], (transaction) => transaction.objectStore("photos").put(photo));
    }

    removePhoto(key) {
      return this.write(["photos"], (transaction) => transaction.objectStore("photos").delete(key));
    }

    /* Send what is due, or with `force` all that waits. Two calls at once are one. */
    flush(options = {}) {
      if (options.force && this.flushing) return this.flushing.then(() => this.flush(options));
      this.flushing ||= this.alone(() => this.sendDue(Boolean(options.force))).finally(() => (this.flushing = null));
      return this.flushing;
    }

    alone(work) {
      if (self.navigator.onLine === false) return Promise.resolve();
      return self.navigator.locks ? self.navigator.locks.request(this.name, work) : work();
    }

    async sendDue(force) {
      const tried = new Set();
      let who = null;
      for (;;) {
        const due = (await this.all()).find(
          (one) => TO_SEND.includes(one.state) && !tried.has(one.key) && (force || !(one.notBefore > Date.now())),
        );
        if (!due) return;
        tried.add(due.key);
        who ||= await this.ask(this.addresses.words, { headers: { Accept: "application/json" } }, WORDS_MS);
        if (who.status === 401) await this.change(due.key, { state: "sign-in", notBefore: 0 });
        else if (who.status !== 200) await this.postpone(due, who);
        else if (await this.belongs(due, who.data.owner)) await this.send(due.key, who.data.csrf);
      }
    }

    /* Whether this account may send it. Nobody's report becomes theirs who said so a moment ago, and no one else's. */
    async belongs(report, owner) {
      if (!owner) return this.change(report.key, { state: "sign-in", notBefore: 0 }).then(() => false);
      if (report.owner) return report.owner === owner;
      const claimed = Date.now() - (report.claimedAt || 0) < CLAIM_MS;
      await this.change(report.key, claimed ? { owner } : { state: "whose", notBefore: 0 });
      return claimed;
    }

    async send(key, csrf) {
      let report = await this.change(key, { state: "sending", fault: "", open: false }, "draft");
      const photos = report ? await this.photosOf(key) : [];
      for (const photo of photos) {
        // The author may have taken it back meanwhile.
        if ((await this.get(key))?.state !== "sending") return;
        if (photo.sent) continue;
        const answer = await this.post(this.addresses.photos, csrf, { key, photo: photo.key }, PHOTO_MS, photo);
        if (answer.status !== 200 && answer.status !== 201) return this.settle(report, answer, photo);
        await this.putPhoto({ ...photo, sent: true });
      }
      report = await this.get(key);
      if (report?.state !== "sending") return;
      const fields = { ...report.words, key, photos: photos.map((photo) => photo.key) };
      await this.settle(report, await this.post(this.addresses.words, csrf, fields, WORDS_MS));
    }

    /* What an answer means for the report. */
    async settle(report, answer, photo) {
      const { status, data } = answer;
      if (status === 200 || status === 201) {
        for (const one of await this.photosOf(report.key)) await this.removePhoto(one.key);
        const sent = { state: "sent", number: data.number, url: data.url, sentAt: Date.now(), fault: "" };
        await this.change(report.key, sent);
      } else if (status === 401) {
        await this.change(report.key, { state: "sign-in" });
      } else if (status === 409 && data.missing) {
        const missing = (await this.photosOf(report.key)).filter((one) => data.missing.includes(one.key));
        for (const one of missing) await this.putPhoto({ ...one, sent: false });
        await this.postpone(report, answer);
      } else if (status >= 400 && status < 500 && status !== 429 && (data.error || status === 413)) {
        const fault = [photo && photo.name, data.error].filter(Boolean).join(": ");
        await this.change(report.key, { state: "refused", fault, open: Boolean(data.open) });
      } else {
        await this.postpone(report, answer);
      }
    }

    /* Once more later, after longer each time, and not all devices in the same moment. */
    async postpone(report, answer) {
      const tries = (report.tries || 0) + 1;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4);
      const notBefore = Date.now() + Math.max(wait, (answer.retryAfter || 0) * 1000);
      const state = answer.status ? "later" : "waiting";
      await this.change(report.key, { state, tries, notBefore, fault: answer.data.error || "" });
    }

    post(address, csrf, fields, milliseconds, photo) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) {
        for (const one of Array.isArray(value) ? value : [value]) if (one !== "" && one !== false) body.append(name, one);
      }
      if (photo) body.append("file", photo.file, photo.name);
      const headers = { Accept: "application/json", "X-CSRFToken": csrf };
      return this.ask(address, { method: "POST", body, headers }, milliseconds);
    }

    /* {status, data, retryAfter}; status 0 where nothing answered, and 503 for what no answer of ours looks like. */
    async ask(address, options, milliseconds) {
      const control = new AbortController();
      const timer = setTimeout(() => control.abort(), milliseconds);
      try {
        const response = await fetch(address, {
          ...options, credentials: "same-origin", redirect: "manual", cache: "no-store", signal: control.signal,
        });
        if (response.type === "opaqueredirect") return { status: 401, data: {} };
        const data = await response.json().catch(() => null);
        const status = data || response.status === 413 || response.status >= 500 ? response.status : 503;
        return { status, data: data || {}, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
      } catch {
        return { status: 0, data: {} };
      } finally {
        clearTimeout(timer);
      }
    }
  }

  OpenCity.Queue = Queue;
})();
