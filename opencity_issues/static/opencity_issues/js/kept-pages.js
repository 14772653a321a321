/* Instead of a page that is not kept: which pages are, the newest first, and the wanted one as soon as it can be had. */
(function () {
  "use strict";
  const section = document.querySelector("[data-kept-pages]");
  const MOST = 20;

  async function keptPages() {
    const found = [];
    for (const name of await caches.keys()) {
      if (!/^opencity:.*:pages$/.test(name)) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request, { ignoreVary: true });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        found.push({ url: request.url, title: page.title, at: new Date(response.headers.get("X-Opencity-Kept")) });
      }
    }
    return found.sort((one, other) => other.at - one.at).slice(0, MOST);
  }

  async function show() {
    const found = await keptPages();
    const list = section.querySelector("ul");
    for (const { url, title, at } of found) {
      const today = at.toDateString() === new Date().toDateString();
      const how = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "long" }) };
      const row = section.querySelector("template").content.cloneNode(true);
      row.querySelector("a").href = url;
      row.querySelector("a").textContent = title.replace(/ · [^·]*$/, "");
      const words = row.querySelector("[data-words]");
      words.textContent = words.dataset.words.replace("{time}", at.toLocaleString(document.documentElement.lang, how));
      list.append(row);
    }
    section.hidden = !found.length;
  }

  if (window.caches) show().catch(() => null);
  window.addEventListener("online", () => location.reload());
})();
