import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { packScores, scoresDigest } from "../../../sdk/index.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { MIXED, MIXED_SCORES, closedMixedRound, scoredMixedRound } from "../../fixtures/mixed-round.js";

describe("StakingTournament.getAttempt", () => {
  it("shows an attempt that was just begun: who, which cut, by what, and nothing scored", async () => {
    const { tournament, members, roundId } = await networkHelpers.loadFixture(closedMixedRound);
    await tournament.connect(members[1]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
    expect([...(await tournament.getAttempt(roundId, 1n))]).to.deep.equal([
      members[1].address,
      BigInt(MIXED.cut),
      0n,
      0n,
      0n,
      0n, // the cut's payout is unknown until its turn is proved
      ZeroHash,
      id("evidence"),
      0n,
      false,
    ]);
  });

  it("shows a complete attempt with its sums, the cut's payout and the digest of its chunks", async () => {
    const { tournament, members, roundId, attemptId, challengeEnds, challengePeriod } =
      await networkHelpers.loadFixture(scoredMixedRound);
    expect([...(await tournament.getAttempt(roundId, attemptId))]).to.deep.equal([
      members[0].address,
      BigInt(MIXED.cut),
      4n,
      MIXED.above,
      MIXED.burned,
      MIXED.cutPayout,
      scoresDigest(packScores(MIXED_SCORES)),
      id("evidence"),
      BigInt(challengeEnds - challengePeriod),
      false,
    ]);
  });

  it("shows which attempts are vetoed: those begun before the veto", async () => {
    const { tournament, guardian, members, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
    await tournament.connect(guardian).veto(roundId, "wrong");
    await tournament.connect(members[1]).beginScoring(roundId, MIXED.cut, id("evidence"), "");
    expect((await tournament.getAttempt(roundId, attemptId)).vetoed).to.equal(true);
    expect((await tournament.getAttempt(roundId, attemptId + 1n)).vetoed).to.equal(false);
  });

  it("refuses an attempt that was not begun", async () => {
    const { tournament, roundId, attemptId } = await networkHelpers.loadFixture(scoredMixedRound);
    for (const [round, attempt] of [
      [roundId, 0n],
      [roundId, attemptId + 1n],
      [roundId + 1n, attemptId],
    ] as const) {
      await expect(tournament.getAttempt(round, attempt))
        .to.be.revertedWithCustomError(tournament, "AttemptNotFound")
        .withArgs(round, attempt);
    }
  });
});
