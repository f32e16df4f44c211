#!/usr/bin/env node
// The sources run as they are: types are checked by tsc.
require("ts-node").register({
  transpileOnly: true,
  project: require("node:path").join(__dirname, "..", "..", "tsconfig.json"),
});
require("../main.ts");
