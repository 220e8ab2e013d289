import { cp, mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { publishedAddresses } from "../../scripts/package/published-addresses.js";
import { CONTRACT_NAMES, suiteAddresses } from "../../sdk/contracts.js";
import { failure } from "../fixtures/failure.js";

const ADDRESS = "0x00000000000000000000000000000000000000AA";

describe("publishedAddresses", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-deployments-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function record(network: string, chainId: number): Promise<void> {
    await mkdir(path.join(folder, network));
    await writeFile(path.join(folder, network, ".chain"), JSON.stringify({ chainId: `${chainId}` }));
    for (const name of Object.values(CONTRACT_NAMES)) {
      await writeFile(path.join(folder, network, `${name}.json`), JSON.stringify({ address: ADDRESS }));
    }
  }

  it("are those of every public network, by chain id, development chains left out", async () => {
    await record("sepolia", 11_155_111);
    await record("hoodi", 560_048);
    await record("localhost", 31_337);
    const addresses = await publishedAddresses(folder);
    expect([...addresses.keys()]).to.deep.equal([560_048n, 11_155_111n]);
    expect(addresses.get(560_048n)).to.deep.equal(suiteAddresses(() => ADDRESS));
  });

  it("are none where nothing was deployed", async () => {
    expect((await publishedAddresses(path.join(folder, "none"))).size).to.equal(0);
  });

  it("refuses two records of one chain", async () => {
    await record("sepolia", 11_155_111);
    await cp(path.join(folder, "sepolia"), path.join(folder, "other"), { recursive: true });
    expect((await failure(publishedAddresses(folder))).message).to.contain("the same chain");
  });
});
