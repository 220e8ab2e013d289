import { expect } from "chai";

import { NumeraireGovernor__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";

const DAY = 86_400;

const deploy = ({ deployer, votes, timelock }: Deployed, thresholdBps: bigint, quorumBps: bigint) =>
  new NumeraireGovernor__factory(deployer).deploy(votes, timelock, DAY, 5 * DAY, thresholdBps, quorumBps);

describe("NumeraireGovernor.constructor", () => {
  it("fixes token, timelock, clock and shares", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const governor = await deploy(d, 25n, 300n);
    expect(await governor.name()).to.equal("Numeraire Governor");
    expect(await governor.nmr()).to.equal(await addressOf(d.nmr));
    expect(await governor.token()).to.equal(await addressOf(d.votes));
    expect(await governor.timelock()).to.equal(await addressOf(d.timelock));
    expect(await governor.CLOCK_MODE()).to.equal("mode=timestamp");
    expect(await governor.clock()).to.equal(await networkHelpers.time.latest());
    expect(await governor.votingDelay()).to.equal(BigInt(DAY));
    expect(await governor.votingPeriod()).to.equal(5n * BigInt(DAY));
    expect(await governor.proposalThresholdBps()).to.equal(25n);
    expect(await governor.QUORUM_BPS()).to.equal(300n);
  });

  it("takes a quorum from a basis point to the whole, and nothing else", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await (await deploy(d, 1n, 1n)).QUORUM_BPS()).to.equal(1n);
    expect(await (await deploy(d, 1n, 10_000n)).QUORUM_BPS()).to.equal(10_000n);
    for (const quorum of [0n, 10_001n]) {
      await expect(deploy(d, 1n, quorum))
        .to.be.revertedWithCustomError(d.governor, "InvalidQuorum")
        .withArgs(10_000n, quorum);
    }
  });

  it("takes a threshold from a basis point to the quorum, and nothing else", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await (await deploy(d, 300n, 300n)).proposalThresholdBps()).to.equal(300n);
    for (const threshold of [0n, 301n]) {
      await expect(deploy(d, threshold, 300n))
        .to.be.revertedWithCustomError(d.governor, "InvalidProposalThreshold")
        .withArgs(300n, threshold);
    }
  });
});
