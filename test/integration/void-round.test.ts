import { expect } from "chai";
import { id, parseEther } from "ethers";

import { at } from "../fixtures/at.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { STATUS } from "../fixtures/every-status.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { MIXED, MIXED_BIDS, MIXED_SCORES, openMixedRound, type MixedRound } from "../fixtures/mixed-round.js";
import { approve, close, score } from "../fixtures/rounds.js";

/** Ways a round can end void, each from its stakes being in. */
const WAYS: Record<string, (round: MixedRound) => Promise<void>> = {
  "cancelled while open": async ({ tournament, guardian, roundId }) => {
    await tournament.connect(guardian).cancelRound(roundId);
  },
  "never scored": async (round) => {
    await expire(round);
  },
  "begun and given up": async (round) => {
    await close(round, round.roundId);
    await round.tournament.connect(round.members[0]).beginScoring(round.roundId, MIXED.cut, id("evidence"), "");
    await expire(round);
  },
  "scored but not approved": async (round) => {
    await close(round, round.roundId);
    await score(round, round.roundId, MIXED_SCORES);
    await expire(round);
  },
  "approved but not finalised": async (round) => {
    await close(round, round.roundId);
    await approve(round, round.roundId, await score(round, round.roundId, MIXED_SCORES));
    await expire(round);
  },
  "vetoed three times": async (round) => {
    await close(round, round.roundId);
    for (const reason of ["first", "second", "third"]) {
      await approve(round, round.roundId, await score(round, round.roundId, MIXED_SCORES));
      await round.tournament.connect(round.guardian).veto(round.roundId, reason);
    }
    await expire(round);
  },
};

/** Voids a round in the first second that allows it, by an account without any role. */
async function expire({ tournament, stranger, roundId }: MixedRound): Promise<void> {
  const { deadline } = await tournament.getRound(roundId);
  await at(deadline + 1n);
  await tournament.connect(stranger).voidRound(roundId);
}

for (const [how, end] of Object.entries(WAYS)) {
  describe(`a round that was ${how}`, () => {
    it("gives every staker and sponsor back exactly what they put in, records nothing and leaves nothing", async () => {
      const round = await networkHelpers.loadFixture(openMixedRound);
      const { tournament, nmr, roundId, models, others, opener, sponsor, patron, stranger } = round;
      const supply = await nmr.totalSupply();
      await end(round);
      expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
      await expectBalanced(round);

      const stakers = others.slice(0, MIXED_BIDS.length);
      await expect(tournament.connect(sponsor).reclaimBonus(roundId)).to.changeTokenBalance(
        ethers,
        nmr,
        sponsor,
        parseEther("60"),
      );
      // Backwards and in pieces, by a stranger.
      for (const index of [3, 2, 1, 0]) {
        await expect(tournament.connect(stranger).settle(roundId, index, index + 1)).to.changeTokenBalances(
          ethers,
          nmr,
          stakers,
          stakers.map((_, i) => (i === index ? (MIXED_BIDS[index]?.amount ?? 0n) : 0n)),
        );
      }
      await expect(tournament.connect(patron).reclaimBonus(roundId)).to.changeTokenBalance(
        ethers,
        nmr,
        patron,
        parseEther("40"),
      );
      for (const [account, amount] of [
        [opener, parseEther("6")],
        [sponsor, parseEther("4")],
      ] as const) {
        await expect(tournament.connect(account).reclaimPrize(roundId)).to.changeEtherBalance(ethers, account, amount);
      }

      expect(await nmr.totalSupply()).to.equal(supply);
      expect(await nmr.balanceOf(tournament)).to.equal(0n);
      expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
      expect(await tournament.resolvedCount()).to.equal(0n);
      for (const modelId of models) {
        const { history, lastOrdinal } = await tournament.getModel(modelId);
        expect([history, lastOrdinal]).to.deep.equal([0n, 0n]);
      }
      await expect(tournament.sweepRemainder(roundId)).to.be.revertedWithCustomError(
        tournament,
        "UnexpectedRoundStatus",
      );
      await expectBalanced(round);
    });
  });
}
