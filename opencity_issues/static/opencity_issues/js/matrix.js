// The grid of the responsibility matrix: keyboard, folding, filters, and what each tick does to the rows below, at once.
// Without this file the same form is a table of check boxes, saved branch by branch.
(() => {
  "use strict";

  const form = document.querySelector("[data-matrix]");
  if (!form) return;
  const table = form.querySelector("[role=treegrid]");
  const rows = [...table.querySelectorAll("tbody tr")];
  const heads = [...table.querySelectorAll("[data-organisation]")];
  const boxes = rows.map((row) => [...row.querySelectorAll("input[type=checkbox]")]);
  const rowOf = new Map(rows.map((row) => [row.dataset.category, row]));
  const base = new Set(form.elements.base.value.split(" ").filter(Boolean));
  const undone = [];
  const rowFilter = form.querySelector("[data-filter-rows]");
  const columnFilter = form.querySelector("[data-filter-columns]");
  const show = form.querySelector("[data-show]");
  const folded = new Set();
  let here = { row: 0, column: 0 };
  let sent = false;

  const said = (name, words = {}) =>
    Object.entries(words).reduce((text, [key, value]) => text.replace(`{${key}}`, value), form.dataset[name] || "");
  const plain = (text) => text.toLocaleLowerCase().trim();
  const parentOf = (row) => rowOf.get(row.dataset.parent);
  const isChanged = (box) => box.checked !== base.has(box.value);

  // --- who receives: the nearest row above with a tick of an active organisation decides ---------------------------

  function decider(row) {
    for (let at = row; at; at = parentOf(at)) {
      if (boxes[rows.indexOf(at)].some((box, column) => box.checked && !("inactive" in heads[column].dataset))) return at;
    }
    return null;
  }

  function refresh() {
    let changed = 0;
    rows.forEach((row, index) => {
      const deciding = decider(row);
      const source = deciding ? boxes[rows.indexOf(deciding)] : null;
      row.classList.toggle("is-nobody", !deciding);
      boxes[index].forEach((box, column) => {
        const inherited = Boolean(
          source && deciding !== row && source[column].checked && !box.checked && !("inactive" in heads[column].dataset),
        );
        const cell = box.closest("td");
        cell.classList.toggle("is-inherited", inherited);
        cell.classList.toggle("is-changed", isChanged(box));
        if (inherited) box.setAttribute("aria-describedby", "matrix-inherited");
        else box.removeAttribute("aria-describedby");
        changed += isChanged(box) ? 1 : 0;
      });
    });
    const count = form.querySelector("[data-matrix-count]");
    if (count) count.textContent = changed ? said("count", { count: changed }) : said("none");
    const preview = form.querySelector("[data-preview]");
    if (preview) preview.disabled = changed === 0;
    return changed;
  }

  // --- folding and filters ----------------------------------------------------------------------------------------

  function matches(row, index) {
    const wanted = plain(rowFilter.value);
    if (wanted && !plain(row.querySelector(".matrix__name").textContent).includes(wanted)) return false;
    if (show.value === "nobody") return row.classList.contains("is-nobody");
    if (show.value === "own") return boxes[index].some((box) => box.checked);
    if (show.value === "changed") return boxes[index].some(isChanged);
    return true;
  }

  function layOut() {
    const filtered = Boolean(rowFilter.value.trim() || show.value);
    const kept = new Set();
    let count = 0;
    rows.forEach((row, index) => {
      if (!matches(row, index)) return;
      count += 1;
      for (let at = row; at; at = parentOf(at)) kept.add(at);
    });
    rows.forEach((row) => {
      const up = parentOf(row);
      const shut = up && (folded.has(up.dataset.category) || (up.hidden && !filtered));
      row.hidden = filtered ? !kept.has(row) : Boolean(shut);
      if ("branch" in row.dataset) row.setAttribute("aria-expanded", String(filtered || !folded.has(row.dataset.category)));
    });
    if (filtered) form.querySelector("[data-matrix-status]").textContent = said("shown", { count });
    const first = rows.findIndex((row) => !row.hidden);
    if (first >= 0 && rows[here.row].hidden) settle({ row: first, column: Math.max(here.column, 0) }, false);
  }

  function layOutColumns() {
    const wanted = plain(columnFilter.value);
    heads.forEach((head, column) => {
      head.hidden = Boolean(wanted) && !plain(head.textContent).includes(wanted);
      boxes.forEach((line) => {
        line[column].closest("td").hidden = head.hidden;
      });
    });
    const first = heads.findIndex((head) => !head.hidden);
    if (first >= 0 && here.column >= 0 && heads[here.column].hidden) settle({ row: here.row, column: first }, false);
  }

  function toggle(row, shut = !folded.has(row.dataset.category)) {
    if (shut) folded.add(row.dataset.category);
    else folded.delete(row.dataset.category);
    layOut();
  }

  // --- one stop of the Tab key in the whole grid: column -1 is the fold of a branch -------------------------------

  const stopAt = ({ row, column }) => (column < 0 ? rows[row].querySelector("[data-toggle]") : boxes[row][column]);

  function settle(to, focus = true) {
    const before = stopAt(here);
    if (before) before.tabIndex = -1;
    here = to;
    const stop = stopAt(here);
    if (!stop) return;
    stop.tabIndex = 0;
    if (focus) {
      stop.focus({ preventScroll: true });
      reveal(stop.closest("td, th"));
    }
  }

  // The browser's own scrolling would leave the cell under the headings that stay.
  function reveal(cell) {
    const frame = table.parentElement;
    const box = cell.getBoundingClientRect();
    const port = frame.getBoundingClientRect();
    const left = port.left + table.querySelector(".matrix__corner").offsetWidth;
    const top = port.top + table.tHead.offsetHeight;
    if (cell.tagName === "TD") {
      if (box.left < left) frame.scrollLeft -= left - box.left;
      else if (box.right > port.right - 16) frame.scrollLeft += box.right - port.right + 16;
    }
    if (box.top < top) frame.scrollTop -= top - box.top;
    else if (box.bottom > port.bottom - 16) frame.scrollTop += box.bottom - port.bottom + 16;
  }

  function step(rowBy, columnBy) {
    let { row, column } = here;
    if (rowBy) {
      let next = row + rowBy;
      while (rows[next] && rows[next].hidden) next += rowBy;
      if (!rows[next]) return;
      row = next;
      if (column < 0 && !("branch" in rows[row].dataset)) column = heads.findIndex((head) => !head.hidden);
    } else {
      let next = column + columnBy;
      while (next >= 0 && heads[next] && heads[next].hidden) next += columnBy;
      if (next >= heads.length || (next < 0 && !("branch" in rows[row].dataset))) return;
      column = Math.max(next, -1);
    }
    settle({ row, column });
  }

  const shownRows = () => rows.map((row, index) => (row.hidden ? -1 : index)).filter((index) => index >= 0);
  const shownColumns = () => heads.map((head, index) => (head.hidden ? -1 : index)).filter((index) => index >= 0);

  function edge(last, whole) {
    const columns = shownColumns();
    const lines = shownRows();
    const column = columns[last ? columns.length - 1 : 0];
    const row = whole ? lines[last ? lines.length - 1 : 0] : here.row;
    settle({ row, column });
  }

  function takeBack() {
    const box = undone.pop();
    if (!box) return;
    box.checked = !box.checked;
    refresh();
    const row = rows.indexOf(box.closest("tr"));
    for (let up = parentOf(rows[row]); up; up = parentOf(up)) folded.delete(up.dataset.category);
    layOut();
    settle({ row, column: boxes[row].indexOf(box) });
  }

  function page(by) {
    for (let steps = 0; steps < 10; steps += 1) step(by, 0);
  }

  const KEYS = {
    ArrowUp: () => step(-1, 0),
    ArrowDown: () => step(1, 0),
    ArrowLeft: () => step(0, -1),
    ArrowRight: () => step(0, 1),
    PageUp: () => page(-1),
    PageDown: () => page(1),
    Home: (event) => edge(false, event.ctrlKey || event.metaKey),
    End: (event) => edge(true, event.ctrlKey || event.metaKey),
    // Enter in a check box would send the form.
    Enter: () => stopAt(here)?.click(),
  };

  table.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ") {
      event.preventDefault();
      takeBack();
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key](event);
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      rowFilter.value = event.key;
      rowFilter.focus();
      layOut();
    }
  });

  [rowFilter, columnFilter].forEach((field) => {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        const index = rows.findIndex((row, number) => !row.hidden && matches(row, number));
        if (index >= 0) settle({ row: index, column: Math.max(shownColumns()[0] ?? 0, 0) });
      } else if (event.key === "Escape" && field.value) {
        event.preventDefault();
        field.value = "";
        field.dispatchEvent(new Event("input"));
      }
    });
  });

  table.addEventListener("focusin", (event) => {
    const row = rows.indexOf(event.target.closest("tbody tr"));
    if (row < 0) return;
    const column = event.target.matches("[data-toggle]") ? -1 : boxes[row].indexOf(event.target);
    if (row !== here.row || column !== here.column) settle({ row, column }, false);
  });

  table.addEventListener("change", (event) => {
    undone.push(event.target);
    refresh();
  });

  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (button) toggle(button.closest("tr"));
  });

  rowFilter.addEventListener("input", layOut);
  show.addEventListener("change", layOut);
  columnFilter.addEventListener("input", layOutColumns);
  form.querySelector("[data-unfold]").addEventListener("click", () => {
    folded.clear();
    layOut();
  });
  form.querySelector("[data-fold]").addEventListener("click", foldAll);

  function foldAll() {
    rows.filter((row) => "branch" in row.dataset).forEach((row) => folded.add(row.dataset.category));
    layOut();
  }

  // One field instead of thousands: a server takes only so many.
  form.addEventListener("submit", () => {
    sent = true;
    const cells = document.createElement("input");
    cells.type = "hidden";
    cells.name = "cells";
    cells.value = boxes
      .flat()
      .filter((box) => box.checked)
      .map((box) => box.value)
      .join(" ");
    form.append(cells);
    boxes.flat().forEach((box) => box.removeAttribute("name"));
  });

  window.addEventListener("pageshow", (event) => {
    sent = false;
    if (event.persisted) {
      form.querySelectorAll("input[name=cells]").forEach((field) => field.remove());
      boxes.flat().forEach((box) => box.setAttribute("name", "cell"));
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (!sent && boxes.flat().some(isChanged)) event.preventDefault();
  });

  // --- begin --------------------------------------------------------------------------------------------------------

  boxes.flat().forEach((box) => {
    box.tabIndex = -1;
    // A browser that comes back may have kept ticks of its own.
    box.checked = box.defaultChecked;
  });
  form.querySelectorAll("[data-matrix-tools], [data-matrix-keys], [data-toggle]").forEach((part) => {
    part.hidden = false;
  });
  refresh();
  const busy = rows.some((row, index) => boxes[index].some(isChanged));
  if (!busy && rows.length > 30) foldAll();
  settle({ row: 0, column: 0 }, false);
})();
