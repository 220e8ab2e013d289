import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";
import { isAddress } from "ethers";

import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { operatorEnvironment } from "../fixtures/typescript-process.js";

describe("the deploy's last words", function () {
  this.timeout(180_000);

  it("name every contract with its address, and what comes next", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["node_modules/hardhat/dist/src/cli.js", "deploy", "--skip-prompts"],
      { env: operatorEnvironment({}) },
    );
    const summary = stdout.slice(stdout.indexOf("deployed on default:")).trim().split("\n");
    const contracts = summary.slice(1, -1).map((line) => line.trim().split(/ +/));
    expect(contracts.map(([name]) => name)).to.have.members(Object.values(CONTRACT_NAMES));
    expect(contracts.filter(([, address]) => !isAddress(address))).to.deep.equal([]);
    expect(summary.at(-1)).to.contain("recorded nowhere");
  });
});
