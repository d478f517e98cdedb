// The HTML report as people open it: from disk, in a real browser.
// Environment: REPORTS is a folder with the reports `demo`, `german`, `since` (a later run), and `large`, whose rule has 20,000 findings.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const reports = process.env.REPORTS;
const address = (name) => pathToFileURL(`${reports}/${name.includes(".") ? name : `${name}/index.html`}`).href;
const readers = { developer: "index.html", verifier: "verifier.html", manager: "manager.html", merchant: "merchant.html" };
const pages = ["demo", "german", "since"].flatMap((report) => Object.values(readers).map((file) => `${report}/${file}`));
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser.close());

/** Opens a report; fails at the end if the page said anything to the console or asked for anything. */
const open = async (t, name, options = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // A busy machine is slow, and not wrong.
  page.setDefaultTimeout(120_000);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address(name)) said.push(`request: ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(said, []);
  });
  await page.goto(address(name));
  return page;
};

const violations = async (page) => {
  const result = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  return result.violations.map((it) => `${it.impact} ${it.id}: ${it.nodes.map((node) => node.target).slice(0, 3).join(" | ")}`);
};

const visible = (page) => page.locator("table.findings tbody tr:visible").count();

const unfold = (page) => page.locator("details").evaluateAll((all) => all.forEach((it) => { it.open = true; }));

for (const name of pages) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in ${name}, ${colorScheme}`, async (t) => {
      const page = await open(t, name, { colorScheme, viewport: { width: name.startsWith("demo") ? 1280 : 390, height: 900 } });
      await unfold(page);
      assert.deepEqual(await violations(page), []);
    });
  }

  test(`${name} does not scroll sideways from 390 to 1920 pixels`, async (t) => {
    const page = await open(t, name);
    for (const width of [390, 768, 1152, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(scroll <= client, `${width}: ${scroll} > ${client}`);
    }
  });
}

test("every page is valid HTML", async () => {
  const validator = new HtmlValidate(new FileSystemConfigLoader());
  for (const name of [...pages, "large/index.html"]) {
    const report = await validator.validateString(readFileSync(`${reports}/${name}`, "utf8"), `${import.meta.dirname}/page.html`);
    const messages = report.results.flatMap((it) => it.messages).map((it) => `${name}:${it.line} ${it.ruleId} ${it.message}`);
    assert.deepEqual(messages.slice(0, 10), []);
  }
});

test("with more contrast asked for, or forced colours, nothing is lost", async (t) => {
  const page = await open(t, "demo", { forcedColors: "active", contrast: "more" });
  await unfold(page);
  assert.deepEqual(await violations(page), []);
  const border = await page.locator(".severity").first().evaluate((it) => getComputedStyle(it).borderTopStyle);
  assert.equal(border, "solid", "a severity is marked by more than a colour");
});

test("German pages are German", async (t) => {
  for (const file of pages.filter((it) => !it.startsWith("demo"))) {
    const page = await open(t, file);
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    // What the model says of single things is English, and says so.
    const text = await page.evaluate(() => {
      for (const it of document.querySelectorAll("[lang=en], script, style, template, bdi, code, time")) it.remove();
      return document.body.textContent;
    });
    for (const word of ["the", "and", "with", "missing", "findings", "were", "not"]) {
      const found = text.match(new RegExp(`.{0,40}(?<![\\p{L}.])${word}(?![\\p{L}.]).{0,40}`, "iu"));
      assert.equal(found?.[0].trim(), undefined, `${file}: ${word}`);
    }
  }
});

test("a later run says what is gone, and what nobody looked for", async (t) => {
  const page = await open(t, "since");
  const since = page.locator("#since");
  assert.match(await since.innerText(), /Verglichen mit dem Bericht vom 22\. November 2026, 03:00 UTC/);
  await since.locator("#unchecked summary").click();
  assert.ok(await since.getByText("Diesmal nicht geprüft").isVisible());
  assert.ok((await since.locator("#unchecked li").count()) > 5);
  const trend = page.locator("#trend");
  assert.equal(await trend.locator("svg g").count(), 2);
  assert.match(await trend.innerText(), /Wie viel war in jedem Lauf offen\?/);
});

test("each page leads to the others", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(address("demo"));
  for (const [name, file] of [["For merchants", "merchant.html"], ["For project managers", "manager.html"], ["For verifiers", "verifier.html"], ["For developers", "index.html"]]) {
    await page.getByRole("link", { name }).click();
    assert.ok(page.url().endsWith(`/demo/${file}`), page.url());
  }
});

test("a merchant is asked in plain words, and can sign on paper", async (t) => {
  const page = await open(t, "demo/merchant.html", { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  for (const jargon of ["media.missing", "OAuth", "fingerprint", "blocker", "SOAP"]) {
    assert.ok(!text.includes(jargon) || jargon === "SOAP", `${jargon} is no merchant's word`);
  }
  assert.ok((await page.getByRole("checkbox").count()) > 20);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.getByText("Signature").last().isVisible());
});

test("a manager's page prints on a few sheets", async (t) => {
  const page = await open(t, "demo/manager.html");
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const sheets = pdf.match(/\/Type\s*\/Page[^s]/g).length;
  assert.ok(sheets <= 3, `${sheets} sheets`);
});

test("everything can be read without JavaScript", async (t) => {
  const page = await open(t, "demo", { javaScriptEnabled: false });
  assert.ok(await page.getByRole("heading", { name: "What Magento 2 still lacks" }).isVisible());
  assert.ok((await visible(page)) > 40);
  assert.equal(await page.locator("#filter").isVisible(), false, "no controls that do nothing");
  for (const id of ["steps", "media", "admin_users", "clean", "method", "inventory"]) {
    assert.ok(await page.locator(`#${id}`).isVisible(), id);
  }
});

test("filters hide rows, say so, and can be taken back", async (t) => {
  const page = await open(t, "demo");
  const all = await visible(page);
  await page.getByRole("checkbox", { name: /info/ }).uncheck();
  const shown = await visible(page);
  assert.ok(shown < all);
  assert.match(await page.locator("#hidden-note").textContent(), new RegExp(`: ${all - shown} of ${all} findings`));
  await page.getByRole("searchbox").fill("wysiwyg BANNER");
  await page.waitForFunction((it) => !document.getElementById("hidden-note").textContent.includes(it), `: ${all - shown} `);
  assert.equal(await visible(page), 1);
  assert.equal(await page.locator("article.rule:visible").count(), 1);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await visible(page), all);
  assert.equal(await page.locator("#hidden-note").textContent(), "");
});

test("findings are shown by how they stand", async (t) => {
  const page = await open(t, "demo");
  const all = await visible(page);
  const rule = page.locator("article.rule[id='R-media.extra']");
  assert.ok((await rule.locator("tbody tr:visible").count()) > 0);
  await page.getByRole("checkbox", { name: /waived/ }).uncheck();
  assert.equal(await rule.locator("tbody tr:visible").count(), 0, "all of them are waived");
  await page.getByRole("checkbox", { name: /open/ }).uncheck();
  assert.equal(await visible(page), 0);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await visible(page), all);
});

test("what a run found anew is told apart, and what runs have in common is drawn", async (t) => {
  const page = await open(t, "since");
  await page.getByRole("checkbox", { name: /bekannt/ }).uncheck();
  const shown = await visible(page);
  assert.ok(shown > 0);
  assert.equal(await page.locator("table.findings tbody tr:visible .status.new").count(), shown);
  const trend = page.locator("#trend");
  assert.ok(await trend.getByText("Spuren des Umzugs").first().isVisible(), "the area that was left out is named");
  assert.equal(await trend.locator("tbody tr").count(), await trend.locator("svg.course").count());
});

test("rows that are data tell how they stand, and what was decided", async (t) => {
  const page = await open(t, "large");
  await page.getByRole("checkbox", { name: /open/ }).uncheck();
  const rule = page.locator("article.rule[id='R-media.missing']");
  assert.equal(await rule.locator("table").getAttribute("aria-rowcount"), "1001", "1,000 are waived");
  const row = rule.locator("tbody tr").first();
  assert.match(await row.getAttribute("class"), /waived/);
  assert.ok(await row.getByText("waived").isVisible());
  await row.getByRole("link", { name: "stays behind" }).click();
  assert.equal(new URL(page.url()).hash, "#D-0");
});

test("a link to a finding leads to it even when the filter hides it", async (t) => {
  const page = await open(t, "demo");
  const id = await page.locator("table.findings tbody tr").last().getAttribute("id");
  await page.getByRole("searchbox").fill("nothing has this text");
  await page.waitForFunction(() => document.getElementById("hidden-note").textContent !== "");
  assert.equal(await visible(page), 0);
  await page.evaluate((it) => { location.hash = it; }, id);
  await page.locator(`#${id}`).waitFor({ state: "visible" });
});

test("tables sort by keyboard, numbers by value and severities by weight", async (t) => {
  const page = await open(t, "demo");
  const table = page.locator("article.rule[id='R-api.token-carried'] table");
  const severities = () => table.locator("tbody tr").evaluateAll((rows) => rows.map((it) => it.dataset.severity));
  await table.getByRole("button", { name: "Severity" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.equal(await table.locator("th").first().getAttribute("aria-sort"), "descending");
  assert.equal((await severities())[0], "low");
  await page.locator("#inventory summary").first().click();
  const inventory = page.locator("#inventory table").first();
  await inventory.getByRole("button", { name: "Bytes" }).first().click();
  const bytes = await inventory.locator("tbody tr").evaluateAll((rows) => rows.map((it) => Number(it.cells[2].dataset.sort)));
  assert.deepEqual(bytes, [...bytes].sort((a, b) => a - b));
});

test("a finding leads to its card, and opens it", async (t) => {
  const page = await open(t, "demo");
  const card = page.locator("details.card", { hasText: "soap:wawi_sync" });
  assert.equal(await card.getAttribute("open"), null);
  await page.locator("article.rule[id='R-api.soap-user-missing'] tr", { hasText: "soap:wawi_sync" }).getByRole("link", { name: "card" }).click();
  await card.getByText("Issue anew").waitFor({ state: "visible" });
});

test("texts of a store are texts", async (t) => {
  const page = await open(t, "demo");
  assert.equal(await page.locator("main img, main iframe, main b:has-text('Team')").count(), 0);
  await page.locator("#inventory details").evaluateAll((all) => all.forEach((it) => { it.open = true; }));
  assert.ok(await page.getByText("Support <b>Team</b>").first().isVisible());
});

test("a print has every section, with nothing folded", async (t) => {
  const page = await open(t, "demo");
  await page.emulateMedia({ media: "print" });
  for (const text of ["Fail", "Next steps", "Media files", "Admin users", "Checked, and clean", "Method", "Inventory"]) {
    assert.ok(await page.locator("h2", { hasText: text }).first().isVisible(), text);
  }
  assert.ok(await page.getByText("How it is detected").first().isVisible());
  assert.equal(await page.locator("#filter").isVisible(), false);
  const inventory = page.locator("#inventory table").first();
  assert.ok((await inventory.boundingBox()).height > 50, "the inventory is unfolded");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.ok(pdf.length > 50_000 && pdf.subarray(0, 5).toString() === "%PDF-");
});

test("a finding is copied as a line for a ticket", async (t) => {
  const page = await open(t, "demo", { permissions: ["clipboard-read", "clipboard-write"] });
  const row = page.locator("article.rule[id='R-api.soap-user-missing'] tbody tr", { hasText: "soap:wawi_sync" });
  await row.hover();
  await row.getByRole("button", { name: "Copy", exact: true }).click();
  await row.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^.+: soap:wawi_sync \[api\.soap-user-missing [0-9a-f]{16}\]$/);
});

test("a decision is copied for the file of decisions, and shown where it was made", async (t) => {
  const page = await open(t, "demo", { permissions: ["clipboard-read", "clipboard-write"] });
  const row = page.locator("article.rule[id='R-api.soap-user-missing'] tbody tr", { hasText: "soap:wawi_sync" });
  await row.hover();
  await row.getByRole("button", { name: "Copy decision" }).click();
  await row.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^\[\[decision\]\] # api\.soap-user-missing: soap:wawi_sync\nfingerprint = "[0-9a-f]{16}"\ndecision = "accept"\nreason = ""\n$/);
  const decisions = page.locator("#decisions-made");
  assert.ok(await decisions.getByText("nobody needs the <old> campaigns").isVisible());
  assert.ok(await decisions.getByText("its day is over: it counts no more").isVisible());
  assert.ok(await decisions.getByText("it takes everything that the rule finds, now and later").isVisible());
  const waived = page.locator("article.rule[id='R-media.extra'] tbody tr").first();
  assert.ok(await waived.getByText("waived").isVisible());
  await waived.getByRole("link", { name: "accept" }).click();
  assert.equal(new URL(page.url()).hash, "#D-2");
});

test("everything can be reached by the keyboard alone", async (t) => {
  const page = await open(t, "demo", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("wysiwyg BANNER");
  await page.waitForFunction(() => document.getElementById("hidden-note").textContent !== "");
  assert.equal(await visible(page), 1);
  await page.locator("table.findings tbody tr:visible .anchor").focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Copy");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copied" }).waitFor();
});

test("a large report shows every row that it has, and stays small", async (t) => {
  const page = await open(t, "large");
  const rule = page.locator("article.rule[id='R-media.missing']");
  assert.match(await rule.locator(".capped").innerText(), /^20,000 of 20,000 shown\. All of them are in findings\.csv\./);
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok((await nodes()) < 10_000, "rows out of sight are no elements");
  assert.ok(statSync(`${reports}/large/index.html`).size < 5_000_000);
  assert.equal(await rule.locator("table").getAttribute("aria-rowcount"), "20001");

  await page.getByRole("searchbox").fill("file-17777");
  await page.waitForFunction(() => document.getElementById("hidden-note").textContent !== "");
  assert.equal(await rule.locator("tbody tr:visible").count(), 1);
  assert.match(await page.locator("#hidden-note").textContent(), /: \d+,\d+ of \d+,\d+ findings on this page/);
  const id = await rule.locator("tbody tr").getAttribute("id");
  assert.equal(await rule.locator("tbody tr .severity").count(), 1);

  // The link leads there although the row is data, and although the filter hides it.
  await page.getByRole("searchbox").fill("file-00001");
  await page.waitForFunction(() => document.querySelector("article.rule[id='R-media.missing'] tbody th bdi")?.textContent === "file-00001.jpg");
  await page.evaluate((it) => { location.hash = it; }, id);
  await page.locator(`#${id}`).waitFor({ state: "visible" });
  assert.equal(await page.locator(`#${id} .subject bdi`).textContent(), "file-17777.jpg");
  // The page scrolls there while rows above it take their heights, and then gives the row the focus.
  await page.waitForFunction((it) => document.activeElement.closest("tr")?.id === it, id);
  await page.waitForFunction((it) => {
    const { top, bottom } = document.getElementById(it).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }, id);

  await rule.getByRole("button", { name: "Subject" }).click();
  await rule.getByRole("button", { name: "Subject" }).click();
  assert.equal(await rule.locator("tbody tr .subject bdi").first().textContent(), "file-20000.jpg");
  assert.deepEqual(await violations(page), []);
});

test("a row of a large report that is pointed at stays where it is", async (t) => {
  const page = await open(t, "large");
  const row = page.locator("article.rule[id='R-media.missing'] tbody tr").nth(60);
  await row.evaluate((it) => it.scrollIntoView({ block: "center", behavior: "instant" }));
  const top = () => row.evaluate((it) => Math.round(it.getBoundingClientRect().top));
  await page.waitForTimeout(300);
  const before = await top();
  await row.locator(".subject").hover();
  await row.locator("button.copy").first().waitFor({ state: "visible" });
  await page.waitForTimeout(300);
  assert.equal(await top(), before);
});

test("a link from elsewhere opens the page at a row that is data", async (t) => {
  const page = await open(t, "large");
  const id = await page.evaluate(() => `F-${JSON.parse(document.querySelector("script.rest").textContent).rows.at(-1)[0]}`);
  await page.goto("about:blank");
  await page.goto(`${address("large")}#${id}`);
  assert.equal(await page.locator(`#${id} .subject bdi`).textContent(), "file-20000.jpg");
});

test("without JavaScript, and on paper, a large report says how much of it is there", async (t) => {
  const plain = await open(t, "large", { javaScriptEnabled: false });
  const rule = plain.locator("article.rule[id='R-media.missing']");
  assert.equal(await rule.locator("tbody tr").count(), 200);
  assert.match(await rule.locator(".capped").innerText(), /^200 of 20,000 shown\./);
  const page = await open(t, "large");
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const sheets = pdf.match(/\/Type\s*\/Page[^s]/g).length;
  assert.ok(sheets > 3 && sheets < 30, `${sheets} sheets`);
});

test("nothing but what is listed lies in the report", () => {
  assert.deepEqual(readdirSync(`${reports}/demo`).sort(), ["findings.csv", "findings.json", "index.html", "inventory", "manager.html", "merchant.csv", "merchant.html", "verifier.html"]);
});
