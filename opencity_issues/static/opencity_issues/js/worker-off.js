/* In place of the worker where the site is not kept on devices (any more): removes what was kept, and itself. Reports that
   wait are people's own and stay, to be sent when it is on again. */
(function () {
  "use strict";
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(leave()));

  async function leave() {
    for (const name of await caches.keys()) if (name.startsWith("opencity:")) await caches.delete(name);
    await self.registration.unregister();
  }
})();
