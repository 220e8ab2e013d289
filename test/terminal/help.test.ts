import { globSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import type { Command } from "commander";

const ROOT = path.join(import.meta.dirname, "../..");

describe("the help of every command", () => {
  for (const file of globSync("scripts/*/commands/*.ts", { cwd: ROOT }).sort()) {
    it(`can be printed: ${file.replaceAll("/commands/", " ").slice("scripts/".length, -".ts".length)}`, async () => {
      const exported = (await import(path.join(ROOT, file))) as Record<string, unknown>;
      for (const [name, make] of Object.entries(exported)) {
        if (typeof make !== "function" || !name.endsWith("Command")) continue;
        const command = (make as () => Command)();
        expect(command.helpInformation()).to.contain(`Usage: ${command.name()}`);
      }
    });
  }
});
