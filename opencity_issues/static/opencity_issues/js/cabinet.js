/* The cabinet by keyboard and without page loads. Links and forms are htmx-boosted by the page itself; this adds keys,
   keeps the place, marks what was looked at, and shows refusals. Without it everything works by plain pages. */
(function () {
  "use strict";

  const UKRAINIAN = {
    KeyQ: "й", KeyW: "ц", KeyE: "у", KeyR: "к", KeyT: "е", KeyY: "н", KeyU: "г", KeyI: "ш", KeyO: "щ", KeyP: "з",
    BracketLeft: "х", BracketRight: "ї", KeyA: "ф", KeyS: "і", KeyD: "в", KeyF: "а", KeyG: "п", KeyH: "р", KeyJ: "о",
    KeyK: "л", KeyL: "д", Semicolon: "ж", Quote: "є", KeyZ: "я", KeyX: "ч", KeyC: "с", KeyV: "м", KeyB: "и", KeyN: "т",
    KeyM: "ь", Comma: "б", Period: "ю",
  };
  const narrow = window.matchMedia("(max-width: 63.99rem)");
  let position = 0;

  const desk = () => document.getElementById("desk");
  const rows = () => [...(desk()?.querySelectorAll(".desk__rows [data-issue]") || [])];
  const current = () => rows().findIndex((row) => row.getAttribute("aria-current") === "true");
  const isTyping = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;

  /* The letter shown on a button works in whichever layout is on. */
  function lettersOf(event) {
    const found = [event.key.toLowerCase()];
    if (event.code in UKRAINIAN) found.push(UKRAINIAN[event.code]);
    if (/^Key[A-Z]$/.test(event.code)) found.push(event.code.slice(3).toLowerCase());
    return found;
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = current();
    // Where the open issue has left the queue, the next one has come to its place.
    const next = now >= 0 ? now + step : step > 0 ? position : position - 1;
    const row = all[Math.min(Math.max(next, 0), all.length - 1)];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    press(row);
  }

  /* A key can come before htmx has taken hold of a desk that it has just swapped in: then it does so now. */
  function press(element) {
    if (window.htmx) htmx.process(element.closest("form") || element);
    element.click();
  }

  function showKeys() {
    document.getElementById("keys")?.showModal();
  }

  function leave() {
    const way = desk().querySelector("[data-cancel]") || (narrow.matches ? desk().querySelector("[data-back]") : null);
    if (way) press(way);
    else document.activeElement?.blur();
    return Boolean(way);
  }

  document.addEventListener("keydown", (event) => {
    if (!desk() || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const form = event.target.closest?.("[data-deed-form]");
    if (event.key === "Enter" && event.ctrlKey && form) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey) return;
    if (event.key === "Escape") {
      if (leave()) event.preventDefault();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      showKeys();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      desk().querySelector("[data-search]")?.focus();
      return;
    }
    const letters = lettersOf(event);
    if (event.key === "ArrowDown" || letters.includes("j")) {
      event.preventDefault();
      move(1);
      return;
    }
    if (event.key === "ArrowUp" || letters.includes("k")) {
      event.preventDefault();
      move(-1);
      return;
    }
    if (letters.includes("x") || letters.includes("ч")) {
      event.preventDefault();
      choosePresent();
      return;
    }
    const button = [...desk().querySelectorAll("[data-key]")].find((one) => letters.includes(one.dataset.key));
    if (button && event.key.length === 1) {
      event.preventDefault();
      press(button);
    }
  });

  /* Issues chosen for one deed: kept while one opens and reads them. */
  const chosen = new Set();
  const boxes = () => [...(desk()?.querySelectorAll("[data-pick]") || [])];

  function showChosen() {
    const count = desk()?.querySelector("[data-pick-count]");
    const all = desk()?.querySelector("[data-pick-all]");
    if (!count || !all) return;
    const ticked = boxes().filter((box) => box.checked).length;
    count.textContent = ticked ? `${count.dataset.words} ${ticked}` : "";
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }

  function choose(box, wanted) {
    if (wanted) chosen.add(box.value);
    else chosen.delete(box.value);
  }

  /* The boxes as they were chosen; what is not in the list any more is not chosen. */
  function chooseAgain() {
    const present = new Set(boxes().map((box) => box.value));
    [...chosen].forEach((number) => present.has(number) || chosen.delete(number));
    boxes().forEach((box) => { box.checked = chosen.has(box.value); });
    showChosen();
  }

  function choosePresent() {
    const row = rows()[current()] || document.activeElement?.closest?.("[data-issue]");
    const box = row?.parentElement.querySelector("[data-pick]");
    if (!box) return;
    choose(box, !chosen.has(box.value));
    chooseAgain();
  }

  document.addEventListener("change", (event) => {
    if (!desk()?.contains(event.target)) return;
    if (event.target.matches("[data-pick]")) choose(event.target, event.target.checked);
    else if (event.target.matches("[data-pick-all]")) boxes().forEach((box) => choose(box, event.target.checked));
    else return;
    chooseAgain();
  });

  /* Who opens the cabinet has looked into it (4.1): said once a day, by a request of its own. */
  async function sayLooked() {
    const form = desk()?.querySelector("[data-look]");
    if (!form) return;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
      });
      if (answer.ok) form.remove();
    } catch {
      // The button stays, to be pressed.
    }
  }

  /* An issue that lies open has been looked at (4.1): said by a request of its own, never by opening the page. */
  async function markSeen() {
    const form = desk()?.querySelector("[data-seen]");
    if (!form) return;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
      });
      if (!answer.ok) return;
    } catch {
      return;
    }
    const row = rows()[current()];
    row?.classList.remove("desk-row--unread");
    row?.querySelector("[data-unread]")?.remove();
    form.remove();
  }

  /* On a wide screen the pane scrolls and the page stays where it is. */
  function bringIntoView(form) {
    const pane = document.getElementById("desk-issue");
    if (narrow.matches || !pane) form.scrollIntoView({ block: "start" });
    else pane.scrollTop += form.getBoundingClientRect().top - pane.getBoundingClientRect().top - 96;
  }

  function settle() {
    if (!desk()) return;
    if (current() >= 0) position = current();
    if (narrow.matches) {
      const queues = desk().querySelectorAll(".desk__queues");
      const queue = desk().querySelector(".desk__queue[aria-current]");
      queues.forEach((list) => {
        if (queue && list.contains(queue)) list.scrollLeft = queue.offsetLeft - list.offsetLeft - 16;
      });
    }
    const refusal = desk().querySelector("[data-refusal], .error-summary");
    const form = desk().querySelector("[data-deed-form]");
    const field = form?.querySelector("input:not([type=hidden]):not([type=file]), textarea, select");
    const target = refusal || field || form?.querySelector("button");
    target?.focus({ preventScroll: true });
    if (form) bringIntoView(form);
    chooseAgain();
    markSeen();
    sayLooked();
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "desk") desk().setAttribute("aria-busy", "true");
  });

  /* A refusal is a page too: it carries the desk with what was typed. What carries none is opened as a page of its own. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "desk") return;
    if (event.detail.xhr.responseText.includes('id="desk"')) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (narrow.matches) window.scrollTo(0, 0);
    settle();
  });

  document.addEventListener("htmx:sendError", () => {
    desk()?.removeAttribute("aria-busy");
    desk()?.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
    window.OpenCity?.toast(desk()?.dataset.lost || "", "wifi-off");
  });

  settle();
})();
