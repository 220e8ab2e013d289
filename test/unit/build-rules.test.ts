import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

const ROOT = join(import.meta.dirname, "../..");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

/** Builds one contract with the project's own configuration, in a folder of its own. */
function build(body: string): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "numeraire-build-"));
  try {
    mkdirSync(join(folder, "contracts"));
    mkdirSync(join(folder, "test"));
    for (const path of ["hardhat.config.ts", "package.json", "tsconfig.json", "scripts/build"]) {
      cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(
      join(folder, "contracts/Planted.sol"),
      `// SPDX-License-Identifier: MIT\npragma solidity 0.8.30;\ncontract Planted { function f() external pure { ${body} } }\n`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [HARDHAT, "build"], {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("Building", () => {
  it("succeeds without a warning", () => {
    const { status, output } = build("");
    expect(status, output).to.equal(0);
  });

  it("fails on a compiler warning in a contract of ours", () => {
    const { status, output } = build("uint256 unused;");
    expect(status, output).to.equal(1);
    expect(output).to.include("Unused local variable");
  });
});
