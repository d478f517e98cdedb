"use strict";
(() => {
  const filter = document.getElementById("filter");
  // Pages for readers of one sheet have nothing to filter.
  if (!filter) return;
  const words = filter.dataset;
  const search = document.getElementById("search");
  const note = document.getElementById("hidden-note");
  const chips = [...filter.querySelectorAll("input[type=checkbox]")];
  const badges = [...document.getElementById("severities").content.querySelectorAll(".severity")];
  const standings = document.getElementById("standings").content;
  const verdicts = document.getElementById("verdicts").content;
  const order = badges.map((it) => it.classList[1]);
  const names = badges.map((it) => it.textContent);
  const count = new Intl.NumberFormat(words.language);
  const collator = new Intl.Collator(words.language, { numeric: true });

  const element = (name, properties = {}, ...children) => {
    const it = Object.assign(document.createElement(name), properties);
    it.append(...children);
    return it;
  };

  // A table of findings. Rows beyond those of the page are data until they are scrolled to:
  // the table then has a body for each hundred of them, which is one tall row while it is out of sight.
  const CHUNK = 100;
  const FOLDED = 350;
  // The row that a link leads to stays in the page.
  let target = null;
  const watcher = new IntersectionObserver((entries) => {
    for (const it of entries) it.target.table[it.isIntersecting ? "unfold" : "fold"](it.target);
  }, { rootMargin: "1200px" });

  class Findings {
    constructor(rule) {
      this.rule = rule;
      this.table = rule.querySelector("table.findings");
      this.columns = [...this.table.tHead.rows[0].cells].map((it) => it.dataset.column);
      const body = this.table.tBodies[0];
      this.lang = body.lang;
      this.all = [...body.rows].map((row) => ({ id: row.id, ...row.dataset, row, isFixed: true }));
      const data = rule.querySelector("script.rest");
      this.isLong = data !== null;
      if (this.isLong) {
        const { same, rows } = JSON.parse(data.textContent);
        for (const row of rows) {
          let at = 0;
          const cells = same.map((it) => (it === null ? row[++at] : it));
          const [standing, decision] = cells.splice(0, 2);
          this.all.push({ id: `F-${row[0]}`, standing, decision, severity: cells[0], cells });
        }
        this.height = 44;
      }
      this.shown = this.all;
    }

    // What a reader sees in a cell, without links and buttons.
    cell(item, at) {
      if (item.cells) return this.columns[at] === "severity" ? names[order.indexOf(item.severity)] : item.cells[at];
      const cell = item.row.cells[at];
      return [...cell.querySelectorAll("bdi, .severity")].map((it) => it.textContent).join(" ") || cell.textContent.trim();
    }

    text(item) {
      item.text ??= this.columns.map((_, at) => this.cell(item, at)).join(" ").toLocaleLowerCase();
      return item.text;
    }

    show(matches) {
      this.shown = this.all.filter(matches);
      this.rule.classList.toggle("empty", this.shown.length === 0);
      if (this.isLong) {
        this.lay(this.shown);
      } else {
        const shown = new Set(this.shown);
        for (const it of this.all) it.row.hidden = !shown.has(it);
      }
      return this.all.length - this.shown.length;
    }

    sort(at, sign) {
      const isSeverity = this.columns[at] === "severity";
      const value = (item) => {
        return isSeverity ? order.indexOf(item.severity) : this.cell(item, at);
      };
      // Numbers within texts are worth a second, and not ten.
      const plain = (one, other) => (one < other ? -1 : Number(one > other));
      const compare = isSeverity || this.all.length > 5000 ? plain : collator.compare;
      const keys = new Map(this.all.map((it) => [it, value(it)]));
      const sorted = (items) => [...items].sort((one, other) => sign * compare(keys.get(one), keys.get(other)));
      this.all = sorted(this.all);
      this.shown = sorted(this.shown);
      if (this.isLong) this.lay(this.shown);
      else this.table.tBodies[0].append(...this.all.map((it) => it.row));
    }

    lay(items) {
      for (const body of [...this.table.tBodies]) {
        watcher.unobserve(body);
        body.remove();
      }
      this.table.setAttribute("aria-rowcount", items.length + 1);
      for (let at = 0; at < Math.max(items.length, 1); at += CHUNK) {
        const body = element("tbody", { lang: this.lang });
        Object.assign(body, { table: this, items: items.slice(at, at + CHUNK), at });
        this.table.append(body);
        if (at === 0) this.unfold(body);
        else this.fold(body);
        watcher.observe(body);
      }
      this.hold();
    }

    // Rows come and go, and have buttons while they are pointed at: columns keep the widths that the first rows give
    // them, or all rows would move.
    hold() {
      const heads = [...this.table.tHead.rows[0].cells];
      const all = [this.table, ...heads];
      this.table.classList.remove("held");
      for (const it of all) it.style.width = "";
      const widths = all.map((it) => it.getBoundingClientRect().width);
      // What is not shown has no widths.
      if (widths[0] === 0) return;
      all.forEach((it, at) => { it.style.width = `${widths[at]}px`; });
      this.table.classList.add("held");
    }

    unfold(body) {
      if (body.isOpen) return;
      body.isOpen = true;
      body.className = "";
      body.replaceChildren(...body.items.map((it, at) => {
        const row = it.row ?? this.row(it);
        row.hidden = false;
        row.setAttribute("aria-rowindex", body.at + at + 2);
        return row;
      }));
    }

    fold(body) {
      // The first rows stay: a table is never empty, and focus is never lost.
      if (body.at === 0 || body.isOpen === false || body.contains(target) || body.contains(document.activeElement)) return;
      if (body.isOpen && body.offsetHeight > 0) this.height = body.offsetHeight / body.items.length;
      body.isOpen = false;
      body.className = "waiting";
      const cell = element("td", { colSpan: this.columns.length });
      cell.style.height = `${Math.round(this.height * body.items.length)}px`;
      body.replaceChildren(element("tr", { ariaHidden: "true" }, cell));
    }

    row(item) {
      const row = element("tr", { id: item.id, className: item.standing === "waived" ? "waived" : "" });
      row.dataset.severity = item.severity;
      item.cells.forEach((text, at) => {
        const bdi = element("bdi", {}, text);
        if (this.columns[at] === "severity") {
          const standing = standings.querySelector(`[data-standing="${item.standing}"]`)?.cloneNode(true) ?? "";
          row.append(element("td", {}, badges[order.indexOf(text)].cloneNode(true), standing));
        } else if (this.columns[at] === "subject") {
          const link = element("a", { className: "anchor", href: `#${item.id}`, ariaLabel: words.link }, "#");
          const verdict = item.decision && verdicts.querySelector(`[data-decision="${item.decision}"]`)?.textContent;
          const decided = verdict ? [" ", element("a", { className: "to-card", href: `#D-${item.decision}` }, verdict)] : [];
          row.append(element("th", { scope: "row", className: "subject" }, bdi, " ", link, ...decided));
        } else if (text.length > FOLDED) {
          const summary = element("summary", {}, element("bdi", {}, text.slice(0, FOLDED)), " …");
          const rest = element("bdi", {}, text.slice(FOLDED));
          row.append(element("td", {}, element("details", { className: "more" }, summary, rest)));
        } else {
          row.append(element("td", {}, bdi));
        }
      });
      return row;
    }

    /** Brings a finding into the page, and what stands around it; false if it is another table's, or hidden. */
    reveal(id) {
      const place = this.shown.findIndex((it) => it.id === id);
      if (place < 0) return false;
      const at = Math.floor(place / CHUNK);
      for (const body of [...this.table.tBodies].slice(Math.max(at - 1, 0), at + 2)) this.unfold(body);
      return true;
    }
  }

  const tables = [...document.querySelectorAll("article.rule")].map((it) => new Findings(it));
  const total = tables.reduce((sum, it) => sum + it.all.length, 0);

  const apply = () => {
    const wanted = (name) => new Set(chips.filter((it) => it.name === name && it.checked).map((it) => it.value));
    const severities = wanted("severity");
    // Where all findings stand alike there is nothing to choose from.
    const chosen = chips.some((it) => it.name === "standing") ? wanted("standing") : null;
    const parts = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let hidden = 0;
    for (const table of tables) {
      hidden += table.show((it) => severities.has(it.severity) && (chosen?.has(it.standing) ?? true) && (parts.length === 0
        || parts.every((part) => table.text(it).includes(part))));
    }
    const numbers = [hidden, total].map((it) => count.format(it));
    note.textContent = hidden === 0 ? "" : words.note.replace(/%/g, () => numbers.shift());
    filter.classList.toggle("active", hidden > 0);
  };
  const reset = () => {
    for (const chip of chips) chip.checked = true;
    search.value = "";
    apply();
  };

  const of = new Map(tables.map((it) => [it.table, it]));
  const sortInventory = (table, at, sign) => {
    const key = (row) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
    const keyed = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    keyed.sort((one, other) => sign * collator.compare(one[0], other[0]));
    table.tBodies[0].append(...keyed.map((it) => it[1]));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = element("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const sign = head.ariaSort === "ascending" ? -1 : 1;
        for (const other of heads) other.ariaSort = null;
        head.ariaSort = sign < 0 ? "descending" : "ascending";
        if (of.has(table)) of.get(table).sort(at, sign);
        else sortInventory(table, at, sign);
      });
    });
  }

  // What a ticket needs of a finding, in one line.
  const copied = (row) => {
    const rule = row.closest("article.rule");
    const texts = [rule.dataset.title, row.querySelector(".subject bdi").textContent];
    return `${texts.join(": ")} [${rule.id.slice(2)} ${row.id.slice(2)}]`;
  };
  // What the decisions file needs of it: the reason is for people to write, and nothing counts without it.
  const decision = (row) => {
    const subject = row.querySelector(".subject bdi").textContent;
    const rule = row.closest("article.rule").id.slice(2);
    return `[[decision]] # ${rule}: ${subject}\nfingerprint = "${row.id.slice(2)}"\ndecision = "accept"\nreason = ""\n`;
  };
  const copy = async (button, text, label) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Where a page may not write to the clipboard, it is shown for copying by hand.
      window.prompt(label, text);
      return;
    }
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  };
  // The button is there when it can be reached: thousands of them would cost more than the rows.
  const offer = (event) => {
    const row = event.target.closest?.("table.findings tbody tr[id]");
    if (!row || row.querySelector("button.copy")) return;
    for (const [label, text] of [[words.copy, copied], [words.decide, decision]]) {
      // A redacted page has other fingerprints than the next run.
      if (!label) continue;
      const button = element("button", { type: "button", className: "copy", ariaLive: "polite" }, label);
      button.addEventListener("click", () => copy(button, text(row), label));
      row.querySelector(".subject").append(" ", button);
    }
  };
  document.addEventListener("pointerover", offer);
  document.addEventListener("focusin", offer);

  for (const chip of chips) chip.addEventListener("change", apply);
  let later;
  search.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(apply, total > 5000 ? 150 : 0);
  });
  document.getElementById("reset").addEventListener("click", reset);

  // A link to a finding must not lead to a hidden row, nor to one that is data still.
  const find = (id) => {
    if (!document.getElementById(id)) tables.some((it) => it.isLong && it.reveal(id));
    const found = document.getElementById(id);
    return found?.closest("[hidden], .empty") ? null : found;
  };
  const go = () => {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (!id) return;
    let found = find(id);
    if (!found && filter.classList.contains("active")) {
      reset();
      found = find(id);
    }
    target?.classList.remove("target");
    target = found;
    if (!found) return;
    if (found.matches("details")) found.open = true;
    if (!found.matches("tr")) {
      found.scrollIntoView({ behavior: "instant" });
      return;
    }
    found.classList.add("target");
    // The focus brings buttons, which may make the row higher: it comes before the row is scrolled to.
    found.querySelector(".anchor")?.focus({ preventScroll: true });
    // Rows above it take their heights as they come into sight: it is there when it has stayed for some frames.
    let [top, steady, tries] = [NaN, 0, 0];
    const settle = () => {
      if (target !== found) return;
      steady = Math.abs(found.getBoundingClientRect().top - top) < 1 ? steady + 1 : 0;
      tries += 1;
      if (steady >= 4 || tries > 60) return;
      found.scrollIntoView({ block: "center", behavior: "instant" });
      top = found.getBoundingClientRect().top;
      requestAnimationFrame(() => setTimeout(settle, 30));
    };
    settle();
  };
  window.addEventListener("hashchange", go);

  // Paper has the rows that stand in the page and match the filter; the notes say how many there are.
  const long = tables.filter((it) => it.isLong);
  const say = (isScripted) => {
    for (const it of document.querySelectorAll("[data-scripted]")) it.hidden = (it.dataset.scripted === "yes") !== isScripted;
  };
  window.addEventListener("beforeprint", () => {
    for (const it of long) it.lay(it.shown.filter((row) => row.isFixed));
    for (const body of document.querySelectorAll("tbody.waiting")) body.table.unfold(body);
    say(false);
  });
  window.addEventListener("afterprint", () => {
    for (const it of long) it.lay(it.shown);
    say(true);
  });

  for (const it of long) it.lay(it.all);
  window.addEventListener("resize", () => {
    for (const it of long) it.hold();
  });
  say(true);
  if (total > 0) filter.hidden = false;
  if (long.length > 0) go();
})();
