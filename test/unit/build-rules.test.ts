import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

const ROOT = join(import.meta.dirname, "../..");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

/** The project's own, without the contracts of others, which take most of a build's time. */
const CONFIGURATION = `import config from ${JSON.stringify(join(ROOT, "hardhat.config.ts"))};
export default { ...config, solidity: { ...config.solidity, npmFilesToBuild: [] } };
`;

/** Builds one contract with the project's own configuration, in a folder of its own. */
function build(body: string): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), "numeraire-build-"));
  try {
    mkdirSync(join(folder, "contracts"));
    mkdirSync(join(folder, "test"));
    cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
    writeFileSync(join(folder, "hardhat.config.ts"), CONFIGURATION);
    for (const path of ["node_modules", "scripts", "sdk"]) symlinkSync(join(ROOT, path), join(folder, path));
    writeFileSync(
      join(folder, "contracts/Planted.sol"),
      `// SPDX-License-Identifier: MIT\npragma solidity 0.8.30;\ncontract Planted { function f() external pure { ${body} } }\n`,
    );
    // The test runner tells its children to use the project's configuration; this build has one of its own.
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("HARDHAT_"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [HARDHAT, "build", "--quiet", "--no-tests"], {
      cwd: folder,
      encoding: "utf8",
      env: Object.fromEntries(environment),
    });
    return { status, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("Building", function () {
  this.timeout(180_000);

  it("succeeds without a warning, and says that it compiles, once, even when it is told to be quiet", () => {
    const { status, stdout, stderr } = build("");
    expect(status, stdout + stderr).to.equal(0);
    expect(stdout.trim()).to.equal("");
    expect(stderr.match(/compiling the contracts/g)).to.have.length(1);
  });

  it("fails on a compiler warning in a contract of ours", () => {
    const { status, stdout, stderr } = build("uint256 unused;");
    const output = stdout + stderr;
    expect(status, output).to.equal(1);
    expect(output).to.include("Unused local variable");
  });
});
