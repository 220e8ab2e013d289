import { expect } from "chai";
import { formatEther, parseEther } from "ethers";

import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus, STATUS } from "../../fixtures/every-status.js";
import { openMixedRound } from "../../fixtures/mixed-round.js";
import { BAD, openRound, resolve, stakeEach } from "../../fixtures/rounds.js";

describe("StakingTournament.fundPrize", () => {
  describe("given an open round", () => {
    it("takes ether of anybody into the prize pool", async () => {
      const { tournament, roundId, stranger } = await networkHelpers.loadFixture(openMixedRound);
      const value = parseEther("1.5");
      const before = await tournament.getRound(roundId);
      const funding = tournament.connect(stranger).fundPrize(roundId, { value });
      await expect(funding).to.changeEtherBalances(ethers, [stranger, tournament], [-value, value]);
      await expect(funding).to.emit(tournament, "PrizeFunded").withArgs(roundId, stranger.address, value);
      const after = await tournament.getRound(roundId);
      expect(after.prizePool).to.equal(before.prizePool + value);
      expect(after.bonusPool).to.equal(before.bonusPool);
    });

    it("adds up what each sponsor gave", async () => {
      const { tournament, roundId, stranger, sponsor, opener } = await networkHelpers.loadFixture(openMixedRound);
      await tournament.connect(stranger).fundPrize(roundId, { value: 3n });
      await tournament.connect(stranger).fundPrize(roundId, { value: 4n });
      expect(await tournament.prizeContribution(roundId, stranger)).to.equal(7n);
      expect(await tournament.prizeContribution(roundId, sponsor)).to.equal(parseEther("4"));
      expect(await tournament.prizeContribution(roundId, opener)).to.equal(parseEther("6"));
    });

    it("refuses nothing at all, and takes one wei", async () => {
      const { tournament, roundId, stranger } = await networkHelpers.loadFixture(openMixedRound);
      await expect(tournament.connect(stranger).fundPrize(roundId)).to.be.revertedWithCustomError(
        tournament,
        "ZeroAmount",
      );
      await expect(tournament.connect(stranger).fundPrize(roundId, { value: 1n }))
        .to.emit(tournament, "PrizeFunded")
        .withArgs(roundId, stranger.address, 1n);
    });
  });

  it("refuses a pool of more ether than it can count", async () => {
    const { tournament, roundId, stranger } = await networkHelpers.loadFixture(openMixedRound);
    const most = 2n ** 96n - 1n;
    await networkHelpers.setBalance(stranger.address, 2n * most);
    const { prizePool } = await tournament.getRound(roundId);
    await expect(tournament.connect(stranger).fundPrize(roundId, { value: most - prizePool + 1n }))
      .to.be.revertedWithCustomError(tournament, "SafeCastOverflowedUintDowncast")
      .withArgs(96n, most + 1n);
    await tournament.connect(stranger).fundPrize(roundId, { value: most - prizePool });
  });

  describe("given a round without a prize and a stake that fails", () => {
    for (const { value, destroyed } of [
      { value: 0n, destroyed: 0n },
      { value: 1n, destroyed: parseEther("2") },
    ]) {
      it(`destroys ${formatEther(destroyed)} NMR when a stranger adds ${value} wei in the last second`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        const { nmr, tournament } = d;
        const roundId = await openRound(d, 0n);
        await stakeEach(d, roundId, [{ amount: parseEther("2"), confidence: parseEther("1") }]);
        const { terms } = await tournament.getRound(roundId);
        await at(Number(terms.closesAt) - 1);
        if (value > 0n) await tournament.connect(d.others[0]).fundPrize(roundId, { value });
        const supply = await nmr.totalSupply();
        await resolve(d, roundId, [BAD]);
        expect(supply - (await nmr.totalSupply())).to.equal(destroyed);
      });
    }
  });

  describe("given the seconds around the close", () => {
    it("takes ether in the last second before it and refuses in the one of the close", async () => {
      const { tournament, roundId, stranger, closesAt } = await networkHelpers.loadFixture(openMixedRound);
      await at(closesAt - 1);
      await tournament.connect(stranger).fundPrize(roundId, { value: 1n });
      await at(closesAt);
      await expect(tournament.connect(stranger).fundPrize(roundId, { value: 1n }))
        .to.be.revertedWithCustomError(tournament, "UnexpectedRoundStatus")
        .withArgs(roundId, STATUS.Open, STATUS.Closed);
    });
  });

  itNeedsStatus("Open", ({ tournament }, roundId) => tournament.fundPrize(roundId, { value: 1n }));

  describe("given ether sent without a call", () => {
    it("refuses it: it would belong to no pool", async () => {
      const { tournament, stranger } = await networkHelpers.loadFixture(openMixedRound);
      await expect(stranger.sendTransaction({ to: await tournament.getAddress(), value: 1n })).to.revert(ethers);
    });
  });
});
