/* The list of what waits on this device (templates/opencity_issues/offline/queue.html): a row for each report of this
   person, with the line and the buttons of its state. `OpenCity.editQueued(report)` comes from the form beside it. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const section = document.getElementById("waiting");
  if (!section || !OpenCity.openQueue || !window.indexedDB) return;
  const says = section.dataset;
  const list = section.querySelector("[data-queue-list]");
  const language = document.documentElement.lang;
  let queue = null;

  function shownTime(at) {
    const today = new Date(at).toDateString() === new Date().toDateString();
    const how = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "long" }) };
    return new Date(at).toLocaleString(language, how);
  }

  function row(report, photos) {
    const made = section.querySelector("[data-queue-row]").content.cloneNode(true).firstElementChild;
    made.dataset.entry = report.key;
    made.dataset.entryState = report.state;
    made.querySelector("[data-title]").textContent = report.words.title || says.sayUntitled;
    const about = [says.sayWritten.replace("{time}", shownTime(report.at))];
    if (photos) about.push(says.sayPhotos.replace("{count}", String(photos)));
    made.querySelector("[data-about]").textContent = about.join(" · ");
    for (const part of made.querySelectorAll("[data-in]")) part.hidden = !part.dataset.in.split(" ").includes(report.state);
    made.querySelector("[data-fault]").textContent = report.fault || "";
    const opens = report.state === "refused" && report.open;
    made.querySelector("[data-do=open]").hidden = !opens;
    if (opens) made.querySelectorAll("[data-do=edit], [data-do=send]").forEach((button) => (button.hidden = true));
    made.querySelector("[data-do=view]").href = report.url || "";
    const values = { number: report.number || "", time: report.notBefore ? shownTime(report.notBefore) : "" };
    for (const words of made.querySelectorAll("[data-words]")) {
      words.textContent = words.dataset.words.replace(/\{(\w+)\}/, (_all, name) => values[name]);
    }
    return made;
  }

  /* The focus stays on what it was on, though its row is made anew. */
  async function show() {
    if (!queue) return;
    const owner = OpenCity.deviceOwner();
    const all = await queue.all();
    const own = all.filter((one) => (!one.owner || one.owner === owner) && one.key !== OpenCity.editedKey?.());
    const rows = [];
    for (const report of own) rows.push(row(report, (await queue.photosOf(report.key)).length));
    const focused = document.activeElement?.closest?.("[data-entry]");
    const name = focused && document.activeElement.dataset.do;
    list.replaceChildren(...rows);
    section.querySelector("[data-queue-others]").hidden = all.every((one) => !one.owner || one.owner === owner || one.state === "sent");
    section.hidden = !rows.length && section.querySelector("[data-queue-others]").hidden;
    if (name) list.querySelector(`[data-entry="${focused.dataset.entry}"] [data-do="${name}"]`)?.focus();
  }

  function confirmRemoval() {
    const dialog = section.querySelector("[data-removing]");
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.querySelector("[data-removing-yes]").onclick = () => {
        resolve(true);
        dialog.close();
      };
      dialog.onclose = () => resolve(false);
    });
  }

  /* The words and photos lie on the server by now: the report goes on there, as if it had been begun there. */
  async function openOnScreens(report) {
    const who = await queue.ask(queue.addresses.words, { headers: { Accept: "application/json" } }, 30_000);
    const answer = who.status === 200 ? await queue.post(queue.addresses.open, who.data.csrf, { key: report.key }, 30_000) : who;
    if (answer.status === 200 && answer.data.url) {
      await queue.remove(report.key);
      location.assign(answer.data.url);
    } else {
      OpenCity.toast?.(answer.data.error || says.sayNoServer, "circle-alert");
    }
  }

  const DEEDS = {
    send: async (report) => {
      await queue.change(report.key, { state: "waiting", notBefore: 0 }, "sending");
      await queue.flush({ force: true });
    },
    mine: async (report) => {
      await queue.change(report.key, { state: "waiting", notBefore: 0, claimedAt: Date.now() });
      await queue.flush({ force: true });
    },
    "sign-in": async (report) => {
      if (!report.owner) await queue.change(report.key, { claimedAt: Date.now() });
      location.assign(list.querySelector(`[data-entry="${report.key}"] [data-do=sign-in]`).href);
    },
    open: openOnScreens,
    edit: async (report) => {
      const taken = await queue.change(report.key, { state: "draft", notBefore: 0 }, "sending");
      if (taken) OpenCity.editQueued(taken);
      else OpenCity.toast?.(says.sayBusy, "loader-circle");
    },
    remove: async (report) => {
      if (!(await confirmRemoval())) return;
      if ((await queue.get(report.key))?.state === "sending") OpenCity.toast?.(says.sayBusy, "loader-circle");
      else await queue.remove(report.key);
    },
    dismiss: (report) => queue.remove(report.key),
  };

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button || button.dataset.do === "view") return;
    event.preventDefault();
    const report = await queue.get(button.closest("[data-entry]").dataset.entry);
    if (report) await DEEDS[button.dataset.do](report);
  });

  OpenCity.showQueue = show;
  OpenCity.openQueue()
    .then((opened) => {
      queue = opened;
      queue.onChange(show);
      return show();
    })
    .then(() => queue.flush())
    .catch(() => null);
})();
