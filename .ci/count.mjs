// Counts TRX files, one of each test project: names what failed or was skipped, and why; the last line is the count of
// all. Fails with the tests, and where a file is missing.
import { existsSync, readFileSync } from "node:fs";

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(+decimal) : entities[name] ?? whole);

const count = { passed: 0, failed: 0, skipped: 0 };
let missing = 0;
for (const file of process.argv.slice(2)) {
  const trx = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (trx === "") {
    missing++;
    console.log(`no results in ${file}: the tests did not run to their end`);
  }
  for (const [, attributes, body = ""] of trx.matchAll(/<UnitTestResult\s([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const outcome = /\boutcome="(\w+)"/.exec(attributes)?.[1];
    const kind = outcome === "Passed" ? "passed" : outcome === "NotExecuted" ? "skipped" : "failed";
    count[kind]++;
    if (kind !== "passed") {
      const name = plain(/\btestName="([^"]*)"/.exec(attributes)?.[1] ?? "?");
      const reason = plain(/<(Message|StdOut)>([\s\S]*?)<\/\1>/.exec(body)?.[2] ?? "no reason given").trim();
      console.log(`${kind}: ${name}: ${reason}`);
    }
  }
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(missing > 0 || count.failed > 0 ? 1 : 0);
