"use strict";
(() => {
  const filter = document.getElementById("filter");
  // Pages for readers of one sheet have nothing to filter.
  if (!filter) return;
  const search = document.getElementById("search");
  const note = document.getElementById("hidden-note");
  const chips = [...filter.querySelectorAll("input[type=checkbox]")];
  const rows = [...document.querySelectorAll("table.findings tbody tr")];
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());
  const count = new Intl.NumberFormat(filter.dataset.language);

  const apply = () => {
    const shown = new Set(chips.filter((chip) => chip.checked).map((chip) => chip.value));
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let hidden = 0;
    rows.forEach((row, at) => {
      const matches = shown.has(row.dataset.severity) && words.every((word) => texts[at].includes(word));
      row.hidden = !matches;
      hidden += matches ? 0 : 1;
    });
    for (const rule of document.querySelectorAll("article.rule")) {
      rule.classList.toggle("empty", !rule.querySelector("tbody tr:not([hidden])"));
    }
    const numbers = [hidden, rows.length].map((it) => count.format(it));
    note.textContent = hidden === 0 ? "" : filter.dataset.note.replace(/%/g, () => numbers.shift());
    filter.classList.toggle("active", hidden > 0);
  };

  const order = ["blocker", "high", "medium", "low", "info"];
  const key = (row, at) => {
    const cell = row.cells[at];
    const severity = cell.querySelector(".severity");
    if (severity) return order.findIndex((it) => severity.classList.contains(it));
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };
  const collator = new Intl.Collator(undefined, { numeric: true });
  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return collator.compare(one, other);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const sign = descending ? -1 : 1;
        const body = table.tBodies[0];
        const sorted = [...body.rows].map((row) => [key(row, at), row]).sort((a, b) => sign * compare(a[0], b[0]));
        body.append(...sorted.map((pair) => pair[1]));
      });
    });
  }

  for (const chip of chips) chip.addEventListener("change", apply);
  search.addEventListener("input", apply);
  document.getElementById("reset").addEventListener("click", () => {
    for (const chip of chips) chip.checked = true;
    search.value = "";
    apply();
  });
  // A link to a finding must not lead to a hidden row.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden], .empty")) document.getElementById("reset").click();
    if (target?.matches("details")) target.open = true;
    if (target) target.scrollIntoView();
  });
  if (rows.length > 0) filter.hidden = false;
})();
