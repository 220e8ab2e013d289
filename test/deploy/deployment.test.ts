import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { executeDeployScriptsFromFiles } from "@rocketh/node";
import { expect } from "chai";
import { BrowserProvider, concat, dataLength, dataSlice, parseEther, zeroPadBytes } from "ethers";
import { artifacts, network } from "hardhat";

import { deploySuite } from "../../deploy/_deploy.js";
import { config } from "../../rocketh.js";
import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { AccessManager__factory, OracleCommittee__factory } from "../../typechain-types/index.js";
import { addressOf } from "../fixtures/address-of.js";
import { deployed, ethers, networkHelpers } from "../fixtures/deployed.js";

/** Code as compiled or deployed, with the places zeroed that the constructor fills in. */
function withoutImmutables(code: string, references: Immutables): string {
  let blank = code;
  for (const { start, length } of Object.values(references).flat()) {
    blank = concat([dataSlice(blank, 0, start), zeroPadBytes("0x", length), dataSlice(blank, start + length)]);
  }
  return blank;
}

type Immutables = Record<string, { start: number; length: number }[]>;

/** A chain of its own, and deployments that are saved into a folder of their own. */
async function savedDeployment() {
  const { provider } = await network.create();
  const folder = await mkdtemp(join(tmpdir(), "numeraire-deployments-"));
  const deploy = () =>
    deploySuite({
      provider,
      environment: "local",
      saveDeployments: true,
      askBeforeProceeding: false,
      config: { deployments: folder },
    });
  return { provider, folder, deploy, chain: new BrowserProvider(provider, undefined, { cacheTimeout: -1 }) };
}

describe("Deploying", () => {
  describe("the compiled code", () => {
    for (const key of Object.keys(CONTRACT_NAMES) as (keyof typeof CONTRACT_NAMES)[]) {
      const name = CONTRACT_NAMES[key];
      it(`puts that of ${name} on chain, but for what its constructor fixes`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        const { deployedBytecode, immutableReferences = {} } = await artifacts.readArtifact(name);
        const code = await ethers.provider.getCode(d[key]);
        expect(dataLength(code)).to.be.above(0);
        expect(withoutImmutables(code, immutableReferences)).to.equal(
          withoutImmutables(deployedBytecode, immutableReferences),
        );
      });
    }
  });

  it("uses the parameters", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await d.nmr.INITIAL_ALLOWANCE()).to.equal(parseEther("1500000"));
    expect(await d.nmr.totalMinted()).to.equal(0n);
    expect(await d.committee.quorum()).to.equal(2n);
    expect([...(await d.committee.members())]).to.deep.equal(d.members.map(({ address }) => address));
    expect(await d.tournament.treasury()).to.equal(d.treasury.address);
    expect(await d.tournament.nmr()).to.equal(await addressOf(d.nmr));
    expect(await d.tournament.committee()).to.equal(await addressOf(d.committee));
    expect(await d.rewards.weeklyBudget()).to.equal(parseEther("2000"));
    expect(await d.rewards.nmr()).to.equal(await addressOf(d.nmr));
    expect(await d.compute.nmr()).to.equal(await addressOf(d.nmr));
    expect(await d.rewards.committee()).to.equal(await addressOf(d.committee));
    expect(await d.bounties.nmr()).to.equal(await addressOf(d.nmr));
  });

  it("refuses a guardian that sits on the committee", async () => {
    const { provider } = await network.create();
    const clash = { ...config, accounts: { ...config.accounts, guardian: config.accounts.member2 } };
    const guardian = await (
      await new BrowserProvider(provider).getSigner(config.accounts.member2.default)
    ).getAddress();
    const outcome = await executeDeployScriptsFromFiles(clash, { provider }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Error);
    expect(outcome).to.have.property(
      "message",
      `guardian ${guardian.toLowerCase()} is a committee member: nobody both proposes and vetoes`,
    );
  });

  describe("twice", () => {
    let provider: Awaited<ReturnType<typeof savedDeployment>>["provider"];
    let folder: string;
    let deploy: Awaited<ReturnType<typeof savedDeployment>>["deploy"];
    let chain: BrowserProvider;

    beforeEach(async () => {
      ({ provider, folder, deploy, chain } = await savedDeployment());
    });
    afterEach(async () => {
      chain.destroy();
      await rm(folder, { recursive: true });
    });

    it("sends nothing the second time, and finds the same contracts", async () => {
      const first = await deploy();
      const height = await chain.getBlockNumber();
      expect(height).to.be.above(4);
      const second = await deploy();
      expect(second.addresses).to.deep.equal(first.addresses);
      expect(await chain.getBlockNumber()).to.equal(height);
    });

    it("refuses a guardian that joined the committee since", async () => {
      const { addresses, accounts } = await deploy();
      const committee = OracleCommittee__factory.connect(addresses.committee, await chain.getSigner(accounts.deployer));
      const joined = await (await chain.getSigner(9)).getAddress();
      await (await committee.addMember(joined, 3n)).wait();
      const changed = { ...config, deployments: folder, accounts: { ...config.accounts, guardian: { default: 9 } } };
      const outcome = await executeDeployScriptsFromFiles(changed, {
        provider,
        environment: "local",
        saveDeployments: true,
        askBeforeProceeding: false,
      }).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(Error);
      expect(String(outcome).toLowerCase()).to.contain(`guardian ${joined.toLowerCase()} is a committee member`);
    });

    it("restores a role that went missing, and sends nothing else", async () => {
      const { addresses, accounts } = await deploy();
      const manager = AccessManager__factory.connect(addresses.authority, await chain.getSigner(accounts.deployer));
      await (await manager.revokeRole(3n, accounts.guardian)).wait();
      const height = await chain.getBlockNumber();
      await deploy();
      expect([...(await manager.hasRole(3n, accounts.guardian))]).to.deep.equal([true, 0n]);
      // The role's name and its holder.
      expect(await chain.getBlockNumber()).to.equal(height + 2);
    });
  });
});
