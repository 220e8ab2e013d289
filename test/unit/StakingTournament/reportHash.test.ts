import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { packScores, reportHash, scoresDigest, type Report } from "../../../sdk/index.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { MIXED, MIXED_SCORES, closedMixedRound, type MixedRound } from "../../fixtures/mixed-round.js";
import { score } from "../../fixtures/rounds.js";

/** The report of a complete attempt with the mixed scores. */
async function report(round: MixedRound, attemptId: bigint): Promise<Report> {
  return {
    chainId: (await ethers.provider.getNetwork()).chainId,
    tournament: await round.tournament.getAddress(),
    roundId: round.roundId,
    attemptId,
    cut: MIXED.cut,
    scoresDigest: scoresDigest(packScores(MIXED_SCORES)),
    evidenceHash: id("evidence"),
  };
}

describe("StakingTournament.reportHash", () => {
  it("commits to chain, contract, round, attempt, cut, scores and evidence", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const attemptId = await score(round, round.roundId, MIXED_SCORES);
    expect(await round.tournament.reportHash(round.roundId, attemptId)).to.equal(
      reportHash(await report(round, attemptId)),
    );
  });

  it("differs between attempts with the same scores", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const first = await score(round, round.roundId, MIXED_SCORES);
    const second = await score(round, round.roundId, MIXED_SCORES);
    const hash = await round.tournament.reportHash(round.roundId, second);
    expect(hash).to.equal(reportHash(await report(round, second)));
    expect(hash).not.to.equal(await round.tournament.reportHash(round.roundId, first));
  });

  it("changes when scores arrive: an early approval approves something else", async () => {
    const round = await networkHelpers.loadFixture(closedMixedRound);
    const tournament = round.tournament.connect(round.members[0]);
    await tournament.beginScoring(round.roundId, MIXED.cut, id("evidence"), "");
    const early = await tournament.reportHash(round.roundId, 1n);
    expect(early).to.equal(reportHash({ ...(await report(round, 1n)), scoresDigest: ZeroHash }));
    await tournament.postScores(round.roundId, 1n, packScores(MIXED_SCORES).join(""));
    expect(await tournament.reportHash(round.roundId, 1n)).not.to.equal(early);
  });

  it("refuses an attempt that was not begun", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(closedMixedRound);
    for (const attemptId of [0n, 1n]) {
      await expect(tournament.reportHash(roundId, attemptId))
        .to.be.revertedWithCustomError(tournament, "AttemptNotFound")
        .withArgs(roundId, attemptId);
    }
  });
});
