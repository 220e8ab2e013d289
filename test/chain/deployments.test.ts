import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { getAddress } from "ethers";

import { readDeployment } from "../../scripts/chain/deployments.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

describe("readDeployment", () => {
  let root: string;
  const address = (byte: string) => `0x${byte.repeat(20)}`;
  const write = async (name: string, record: unknown) =>
    writeFile(path.join(root, "testnet", name), JSON.stringify(record));
  const message = async () => {
    try {
      await readDeployment("testnet", root);
    } catch (error) {
      if (error instanceof NumeraireError) return error.message;
      throw error;
    }
    throw new Error("did not fail");
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    await mkdir(path.join(root, "testnet"));
    await write(".chain", { chainId: "11155111", genesisHash: "0x00" });
    await write("AccessManager.json", { address: address("0a"), receipt: { blockNumber: "0x10" } });
    await write("Numeraire.json", { address: address("0b"), receipt: { blockNumber: "0x11" } });
    await write("OracleCommittee.json", { address: address("0c"), receipt: { blockNumber: "0x12" } });
    await write("StakingTournament.json", { address: address("0d"), receipt: { blockNumber: "0x13" } });
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it("reads addresses, chain and the block of the first contract", async () => {
    expect(await readDeployment("testnet", root)).to.deep.equal({
      chainId: 11155111n,
      addresses: {
        authority: getAddress(address("0a")),
        nmr: getAddress(address("0b")),
        committee: getAddress(address("0c")),
        tournament: getAddress(address("0d")),
      },
      fromBlock: 16,
    });
  });

  it("begins at the first block of the chain when a record names no block", async () => {
    await write("Numeraire.json", { address: address("0b") });
    expect((await readDeployment("testnet", root)).fromBlock).to.equal(0);
  });

  it("refuses a record that is missing, broken, without address or chain", async () => {
    await rm(path.join(root, "testnet", "Numeraire.json"));
    expect(await message()).to.contain("Numeraire.json: found no readable record");
    await writeFile(path.join(root, "testnet", "Numeraire.json"), "{");
    expect(await message()).to.contain("Numeraire.json: found no readable record");
    await write("Numeraire.json", { address: "0x12" });
    expect(await message()).to.contain("Numeraire.json: found address 0x12, expected a contract address");
    await write("Numeraire.json", { address: address("0b") });
    await write(".chain", {});
    expect(await message()).to.contain(".chain: found no chainId");
  });
});
