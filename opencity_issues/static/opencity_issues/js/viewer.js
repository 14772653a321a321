/* Photos large, over the page. Without scripts, and with a key that opens a tab, each is a plain link.
   - [data-viewer]: the dialog; a[data-photo]: its photos, in the order of the page.
   Arrows, Home, End and swipes go from one to the next; Escape closes and the focus returns. */
(function () {
  "use strict";
  const dialog = document.querySelector("dialog[data-viewer]");
  const links = [...document.querySelectorAll("a[data-photo]")];
  if (!dialog || !links.length || !dialog.showModal) return;
  const picture = dialog.querySelector("img");
  const [back, next] = ["back", "next"].map((name) => dialog.querySelector(`[data-viewer-go="${name}"]`));
  const place = dialog.querySelector("[data-viewer-place]");
  const original = dialog.querySelector("[data-viewer-original]");
  const SWIPE = 48;
  let at = 0;
  let begun = null;

  function show(position) {
    at = Math.max(0, Math.min(position, links.length - 1));
    const link = links[at];
    const small = link.querySelector("img");
    dialog.setAttribute("aria-busy", "true");
    picture.src = link.href;
    picture.alt = small ? small.alt : "";
    original.href = link.href;
    place.textContent = links.length > 1 ? `${at + 1} / ${links.length}` : "";
    // A button that goes out of use must not take the focus with it.
    const focused = document.activeElement;
    [back, next].forEach((button) => (button.disabled = false));
    if (at === 0 && focused === back) next.focus();
    if (at === links.length - 1 && focused === next) back.focus();
    back.disabled = at === 0;
    next.disabled = at === links.length - 1;
    if (links[at + 1]) new Image().src = links[at + 1].href;
  }

  const keys = {
    ArrowLeft: () => show(at - 1),
    ArrowRight: () => show(at + 1),
    Home: () => show(0),
    End: () => show(links.length - 1),
  };

  links.forEach((link, position) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(position);
      dialog.showModal();
    });
  });
  back.hidden = next.hidden = links.length < 2;
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  picture.addEventListener("load", () => dialog.removeAttribute("aria-busy"));
  picture.addEventListener("error", () => dialog.removeAttribute("aria-busy"));
  dialog.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-viewer-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => links[at].focus());
  picture.addEventListener("pointerdown", (event) => {
    begun = event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  });
  picture.addEventListener("pointerup", (event) => {
    // Whoever has come nearer by pinching moves within the photo.
    if (!begun || window.visualViewport?.scale > 1) return;
    const [along, across] = [event.clientX - begun.x, event.clientY - begun.y];
    begun = null;
    if (Math.abs(along) > SWIPE && Math.abs(along) > 2 * Math.abs(across)) show(at + (along < 0 ? 1 : -1));
  });
})();
