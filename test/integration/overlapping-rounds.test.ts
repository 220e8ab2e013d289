import { expect } from "chai";
import { id, parseEther } from "ethers";

import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { MIXED, MIXED_SCORES, openMixedRound, type MixedRound } from "../fixtures/mixed-round.js";
import { BAD, DAY, GOOD, approve, close, fund, openRound, score } from "../fixtures/rounds.js";

const SECOND_STAKE = { amount: parseEther("3"), confidence: parseEther("1") };

/** The mixed round and a second one that closes two days earlier, with stakes of the same models. */
async function twoRounds(): Promise<MixedRound & { earlier: bigint }> {
  const round = await openMixedRound();
  const earlier = await openRound(round, parseEther("5"), { closesAt: BigInt(round.closesAt - 2 * DAY) });
  await round.tournament.connect(round.patron).fundBonus(earlier, parseEther("20"));
  for (const [index, modelId] of round.models.entries()) {
    const owner = round.others[index];
    if (owner === undefined) throw new Error("too few accounts");
    await fund(round, owner, SECOND_STAKE.amount);
    await round.tournament
      .connect(owner)
      .stake(earlier, modelId, SECOND_STAKE.amount, SECOND_STAKE.confidence, id("predictions"));
  }
  return { ...round, earlier };
}

/** Scores and approves a round that closed, whose challenge period then runs. */
async function report(round: MixedRound, roundId: bigint, scores: typeof MIXED_SCORES): Promise<bigint> {
  await close(round, roundId);
  const attemptId = await score(round, roundId, scores);
  await approve(round, roundId, attemptId);
  return attemptId;
}

describe("rounds that overlap", () => {
  it("resolve in any order, each out of its own money, down to the last wei", async () => {
    const round = await networkHelpers.loadFixture(twoRounds);
    const { tournament, nmr, roundId, earlier, models, others, treasury } = round;
    const supply = await nmr.totalSupply();

    // The round that opened second resolves first: models 0 and 2 are paid 3 and what is left, model 1 fails.
    const first = await report(round, earlier, [GOOD, BAD, GOOD, GOOD]);
    await networkHelpers.time.increase(DAY);
    const mixed = await report(round, roundId, MIXED_SCORES);
    await tournament.finalize(earlier, first);
    await expectBalanced(round);
    await networkHelpers.time.increase(DAY);
    await tournament.finalize(roundId, mixed);
    await expectBalanced(round);
    expect((await tournament.getRound(earlier)).ordinal).to.equal(1n);
    expect((await tournament.getRound(roundId)).ordinal).to.equal(2n);
    expect(await nmr.totalSupply()).to.equal(supply - SECOND_STAKE.amount - MIXED.burned);

    const [a, b, c, d] = others;
    await expect(tournament.settle(earlier, 0n, 4n)).to.changeEtherBalances(
      ethers,
      [a, b, c, d],
      [parseEther("3"), 0n, parseEther("2"), 0n],
    );
    await expectBalanced(round);
    await expect(tournament.settle(roundId, 0n, 4n)).to.changeEtherBalances(
      ethers,
      [a, b, c, d],
      [MIXED.above, 0n, MIXED.cutPayout, 0n],
    );
    await expectBalanced(round);

    // Models 0 and 2 came with a reputation of 1 of 20 into the later round, and share 100 NMR by what they were paid.
    const bonuses = (await tournament.queryFilter(tournament.filters.StakeSettled(roundId))).map(
      ({ args }) => args.bonus,
    );
    expect(bonuses).to.deep.equal([parseEther("1"), 0n, parseEther("4"), 0n]);
    expect(await Promise.all(models.map((modelId) => tournament.reputationOf(modelId)))).to.deep.equal([
      2n,
      0n,
      2n,
      0n,
    ]);

    await expect(tournament.sweepRemainder(earlier)).to.changeTokenBalance(ethers, nmr, treasury, parseEther("20"));
    await expect(tournament.sweepRemainder(roundId)).to.changeTokenBalance(ethers, nmr, treasury, parseEther("95"));
    expect(await nmr.balanceOf(tournament)).to.equal(0n);
    expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
    await expectBalanced(round);
  });

  it("do not share a fate: cancelling one leaves the other to resolve", async () => {
    const round = await networkHelpers.loadFixture(twoRounds);
    const { tournament, guardian, roundId, earlier } = round;
    await tournament.connect(guardian).cancelRound(earlier);
    const attemptId = await report(round, roundId, MIXED_SCORES);
    await tournament.settle(earlier, 0n, 4n);
    await networkHelpers.time.increase(DAY);
    await tournament.finalize(roundId, attemptId);
    expect((await tournament.getRound(roundId)).ordinal).to.equal(1n);
    await expectBalanced(round);
  });
});
