"use strict";

// Preloaded (node --require) into Azurite's own process by the local host that supervises it.

// The account comes through standard input, and only after the host has recorded this process: an Azurite that no
// record knows of never opens the data, and the key is in no environment and on no command line.
const fs = require("node:fs");
const chunk = Buffer.alloc(256);
let account = "";
while (!account.endsWith("\n")) {
  const length = fs.readSync(0, chunk);
  if (length === 0) {
    process.exit(1);
  }
  account += chunk.toString("utf8", 0, length);
}
process.env.AZURITE_ACCOUNTS = account.trim();

// A terminal sends its signals to the host and to Azurite alike. The host still has writes to finish, so Azurite
// ends by the host's SIGTERM alone.
const fromTerminal = ["SIGINT", "SIGQUIT", "SIGHUP"];
const once = process.once;
process.once = (event, listener) => (fromTerminal.includes(event) ? process : once.call(process, event, listener));
for (const signal of fromTerminal) {
  process.on(signal, () => {});
}

// A killed host leaves broken pipes behind. Azurite prints when it stops, and must not fall over that before it saves.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {});
}

// Without data on disk there is nothing to adopt: such an Azurite ends with its host, however that one ends.
if (process.argv.includes("--inMemoryPersistence")) {
  process.stdin.on("close", () => process.exit(0)).resume();
  process.stdin.unref();
}
