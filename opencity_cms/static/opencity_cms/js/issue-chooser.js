/* In the admin's chooser of issues: the map behind "On the map". Its view narrows the list below, which says the same to
   a keyboard; a sign that is pressed puts its issue first there, so that the title is read before it is chosen. */
(function () {
  "use strict";
  const OpenCity = (window.OpenCity = window.OpenCity || {});
  if (OpenCity.choosesOnMap) return; // Leaflet's clusters break when they are loaded twice
  OpenCity.choosesOnMap = true;
  let parts = null; // the promise of Leaflet and the map's scripts, once for all dialogs of a page

  // Dialogs come and go; "toggle" does not bubble, but it can be caught on its way down.
  document.addEventListener("toggle", ({ target }) => {
    if (target instanceof Element && target.matches("[data-choose-on-map]")) (target.open ? open : close)(target);
  }, true);

  OpenCity.icon ??= (name) => {
    const [svg, use] = ["svg", "use"].map((kind) => document.createElementNS("http://www.w3.org/2000/svg", kind));
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", document.querySelector("[data-choose-on-map]").dataset.sprite + "#" + name);
    svg.append(use);
    return svg;
  };

  /* Scripts that a dialog brings do not run by themselves: each is asked for anew, in its order. */
  function load(template) {
    return Promise.all([...template.content.querySelectorAll("link, script")].map((told) => new Promise((done, fail) => {
      const tag = document.createElement(told.localName);
      const address = told.localName === "link" ? "href" : "src";
      if (told.rel) tag.rel = told.rel;
      tag.async = false;
      tag.setAttribute(address, told.getAttribute(address));
      tag.addEventListener("load", done);
      tag.addEventListener("error", fail);
      document.head.append(tag);
    })));
  }

  function open(frame) {
    if (frame.opencityMap) {
      frame.opencityMap.fire("moveend");
      return;
    }
    parts ??= load(frame.querySelector("template"));
    parts.then(() => frame.open && !frame.opencityMap && enliven(frame)).catch(() => {
      parts = null;
      frame.querySelector("[data-map]").hidden = true;
      frame.querySelector("[data-map-failed]").hidden = false;
    });
  }

  function close(frame) {
    narrow(frame, "", "");
  }

  function formOf(frame) {
    return frame.parentElement.querySelector("form[data-chooser-modal-search]");
  }

  /* As if something were typed: the dialog asks for its list anew, and forgets what it asked before. */
  function narrow(frame, view, pressed) {
    const form = formOf(frame);
    form.elements.bbox.value = view;
    form.elements.pressed.value = pressed;
    form.elements.q.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function enliven(frame) {
    const map = OpenCity.createMap(frame.querySelector("[data-map]"), { scrollWheelZoom: false });
    const { dataUrl, sayGroup, sayIssue } = frame.dataset;
    frame.opencityMap = map;
    OpenCity.showIssues(map, {
      dataUrl,
      sayGroup,
      sayIssue,
      choose(number) {
        focusFirst(frame);
        narrow(frame, OpenCity.viewOf(map), number);
      },
    });
    // New words are a new question, which the sign pressed before no longer answers.
    const { q, pressed } = formOf(frame).elements;
    q.addEventListener("input", ({ isTrusted }) => isTrusted && (pressed.value = ""));
    map.on("moveend", () => narrow(frame, OpenCity.viewOf(map), ""));
    narrow(frame, OpenCity.viewOf(map), "");
  }

  /* Once the list has come. */
  function focusFirst(frame) {
    const list = frame.parentElement.querySelector("#search-results");
    const watch = new MutationObserver(() => {
      watch.disconnect();
      list.querySelector("a[data-chooser-modal-choice]")?.focus();
    });
    watch.observe(list, { childList: true });
  }
})();
