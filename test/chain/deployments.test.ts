import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { getAddress, toBeHex, toQuantity } from "ethers";

import { readDeployment } from "../../scripts/chain/deployments.js";
import { CONTRACT_NAMES, suiteAddresses } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const addressOf = (i: number): string => getAddress(toBeHex(0xab0000 + i, 20));

describe("readDeployment", () => {
  let root: string;
  /** Each contract in a block of its own, the first one in block 16. */
  const records = Object.values(CONTRACT_NAMES)
    .reverse()
    .map((name, i) => [name, { address: addressOf(i), receipt: { blockNumber: toQuantity(16 + i) } }] as const);
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
    for (const [name, record] of records) await write(`${name}.json`, record);
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it("reads addresses, chain and the block of the first contract", async () => {
    expect(await readDeployment("testnet", root)).to.deep.equal({
      chainId: 11155111n,
      addresses: suiteAddresses((wanted) => addressOf(records.findIndex(([name]) => name === wanted))),
      fromBlock: 16,
    });
  });

  it("begins at the first block of the chain when a record names no block", async () => {
    await write("Numeraire.json", { address: addressOf(1) });
    expect((await readDeployment("testnet", root)).fromBlock).to.equal(0);
  });

  it("refuses a record that is missing, broken, without address or chain", async () => {
    await rm(path.join(root, "testnet", "Numeraire.json"));
    expect(await message()).to.contain("Numeraire.json: found no readable record");
    await writeFile(path.join(root, "testnet", "Numeraire.json"), "{");
    expect(await message()).to.contain("Numeraire.json: found no readable record");
    await write("Numeraire.json", { address: "0x12" });
    expect(await message()).to.contain("Numeraire.json: found address 0x12, expected a contract address");
    await write("Numeraire.json", { address: addressOf(1) });
    await write(".chain", {});
    expect(await message()).to.contain(".chain: found no chainId");
  });
});
