/* Small comforts of every page; nothing depends on them.
   - [data-focus]: takes the focus when the page has loaded (the error summary).
   - [data-dialog-open="id"], [data-dialog-close]: native dialogs.
   - [data-copy="text"]: copies, then says so with data-copied.
   - [data-print]: prints.
   - [data-look-switch]: light, dark or auto at once, in the cookie that the server reads (views/look.py).
   - a[data-follow-view]: takes the map's present view along, which its page keeps in the address.
   - form[data-me-too-form]: "me too" without leaving the page; [data-me-too] is replaced by the answer.
   - form[data-once]: cannot be sent twice while under way.
   - OpenCity.toast(text), which gives the toast back, and OpenCity.icon(name): for other scripts. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  const SVG = "http://www.w3.org/2000/svg";

  const sprite = document.querySelector("[data-sprite]")?.dataset.sprite; // once: a map asks for icons by the hundred

  OpenCity.icon = function (name, css) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "icon" + (css ? " " + css : ""));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", sprite + "#" + name);
    svg.append(use);
    return svg;
  };

  OpenCity.toast = function (text, icon) {
    const place = document.querySelector("[data-toasts]");
    if (!place) return null;
    const toast = document.createElement("div");
    toast.className = "toast";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(OpenCity.icon(icon || "circle-check"), words);
    place.append(toast);
    setTimeout(() => toast.remove(), 6000);
    return toast;
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
    if (target?.closest("[data-print]")) window.print();
    const follower = target?.closest("a[data-follow-view]");
    const view = follower && new URLSearchParams(location.search).get("bbox");
    if (view) follower.search = new URLSearchParams({ bbox: view });
    const copier = target?.closest("[data-copy]");
    if (copier && navigator.clipboard) {
      navigator.clipboard.writeText(copier.dataset.copy).then(() => OpenCity.toast(copier.dataset.copied || ""));
    }
  });

  const LOOK = "opencity_look";
  const root = document.documentElement;

  function showLook(look) {
    if (look) root.dataset.theme = look;
    else delete root.dataset.theme;
    document.querySelectorAll("[data-look-switch] button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === look));
    });
  }

  // A page from a cache of the browser may be older than the choice.
  const keptLook = () => document.cookie.match(/(?:^|; )opencity_look=(light|dark)/)?.[1] || "";
  if (!root.hasAttribute("data-look-fixed") && keptLook() !== (root.dataset.theme || "")) showLook(keptLook());

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-look-switch]") && event.submitter) {
      event.preventDefault();
      const look = event.submitter.value;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `${LOOK}=${look}; path=/; samesite=lax; max-age=${look ? 31536000 : 0}${secure}`;
      showLook(look);
      return;
    }
    if (form.matches("[data-me-too-form]") && !form.dataset.plain) {
      event.preventDefault();
      sayMeToo(form);
      return;
    }
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });

  async function sayMeToo(form) {
    const place = form.closest("[data-me-too]");
    if (place.ariaBusy === "true") return;
    place.ariaBusy = "true";
    try {
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      const part = fresh.content.querySelector("[data-me-too]");
      // Not signed in, or a page too old: the ordinary way asks for what is missing.
      if (!part) throw new Error(String(answer.status));
      place.replaceWith(part);
      part.querySelector("button")?.focus();
    } catch {
      form.dataset.plain = "yes";
      form.requestSubmit();
    }
  }

  // A page taken back from the browser's cache may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) showLook(keptLook());
    document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
  });

  // The open room of a cabinet stands in sight, however many rooms there are before it.
  const rooms = document.querySelector(".cabinet-menu, .my-menu");
  const openRoom = rooms?.querySelector("[aria-current]");
  if (openRoom) rooms.scrollLeft = openRoom.offsetLeft + openRoom.offsetWidth / 2 - rooms.clientWidth / 2;

  document.querySelector("[data-focus]")?.focus();
})();
