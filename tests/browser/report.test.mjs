// The HTML report as people open it: from disk, in a real browser.
// Environment: REPORTS is a folder with the reports `demo` and `large`.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const reports = process.env.REPORTS;
const address = (name) => pathToFileURL(`${reports}/${name}/index.html`).href;
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

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing, ${colorScheme}, ${width} pixels wide`, async (t) => {
      const page = await open(t, "demo", { colorScheme, viewport: { width, height: 900 } });
      for (const details of await page.locator("details").all()) await details.evaluate((it) => { it.open = true; });
      assert.deepEqual(await violations(page), []);
    });
  }
}

test("the page does not scroll sideways on a phone", async (t) => {
  const page = await open(t, "demo", { viewport: { width: 390, height: 844 } });
  const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(scroll <= client, `${scroll} > ${client}`);
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
  assert.match(await page.locator("#hidden-note").textContent(), new RegExp(`^${all - shown} of ${all} findings`));
  await page.getByRole("searchbox").fill("wysiwyg BANNER");
  assert.equal(await visible(page), 1);
  assert.equal(await page.locator("article.rule:visible").count(), 1);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await visible(page), all);
  assert.equal(await page.locator("#hidden-note").textContent(), "");
});

test("a link to a finding leads to it even when the filter hides it", async (t) => {
  const page = await open(t, "demo");
  const id = await page.locator("table.findings tbody tr").last().getAttribute("id");
  await page.getByRole("searchbox").fill("nothing has this text");
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

test("a large report is capped, says so, and stays small", async (t) => {
  const page = await open(t, "large");
  const rule = page.locator("article.rule[id='R-media.missing']");
  assert.equal(await rule.locator("tbody tr").count(), 500);
  assert.match(await rule.locator(".capped").textContent(), /^500 of 20,000 shown\. All of them are in findings\.csv\./);
  assert.ok(statSync(`${reports}/large/index.html`).size < 5_000_000);
});
