import { expect } from "chai";
import { id, parseEther } from "ethers";

import {
  CHUNK,
  NO_CUT,
  UNSCORED,
  packScores,
  resolveAuction,
  scoresDigest,
  unpackScores,
  type AuctionResult,
  type Score,
} from "../../sdk/index.js";
import type { ModelFleet } from "../../typechain-types/index.js";
import { at } from "../fixtures/at.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import {
  BAD,
  GOOD,
  LN2,
  MAX_GAS,
  approve,
  close,
  fleet,
  openRound,
  score,
  stakeFleet,
  type Bid,
} from "../fixtures/rounds.js";

/** Three full chunks and one score more. */
const STAKES = 3 * CHUNK + 1;
const LAST = STAKES - 1;
const PRIZE = parseEther("10");
/** Bids the most and asks for the whole pool. */
const GREEDY = 5;

const BIDS: readonly Bid[] = Array.from({ length: STAKES }, (_, index) => {
  if (index === GREEDY) return { amount: parseEther("2000"), confidence: parseEther("200") };
  if (index === LAST) return { amount: parseEther("10"), confidence: parseEther("0.5") };
  const confidence = parseEther(String(1 + ((index * 7919) % 97)));
  return { amount: parseEther("0.001") * BigInt(1 + (index % 5)), confidence };
});
const TOTAL = BIDS.reduce((sum, { amount }) => sum + amount, 0n);

/** The greedy bid wins: the cut lies in the first chunk and nearly everything below it. */
const CUT_IN_FIRST: readonly Score[] = BIDS.map((_, index) => (index % 3 === 0 ? BAD : GOOD));
/** The greedy bid is unscored, and the lowest bid takes what all the others leave: the cut lies in the last chunk. */
const CUT_IN_LAST: readonly Score[] = CUT_IN_FIRST.map((each, index) =>
  index === GREEDY ? UNSCORED : index === LAST ? GOOD : each,
);

function expected(scores: readonly Score[]): AuctionResult {
  const terms = { benchmark: LN2, minConsistency: 50, minConfidence: 1n };
  return resolveAuction({ stakes: BIDS, scores, terms, prizePool: PRIZE });
}

interface LargeRound extends Deployed {
  roundId: bigint;
  holder: ModelFleet;
  deadline: number;
  challengePeriod: number;
}

async function closedLargeRound(): Promise<LargeRound> {
  const d = await deployed();
  const roundId = await openRound(d, PRIZE);
  const holder = await fleet(d, STAKES, TOTAL);
  await stakeFleet(holder, roundId, 1n, BIDS);
  await close(d, roundId);
  const { terms, stakeCount } = await d.tournament.getRound(roundId);
  expect(stakeCount).to.equal(STAKES);
  return { ...d, roundId, holder, deadline: Number(terms.resolveBy), challengePeriod: Number(terms.challengePeriod) };
}

/** Settles every stake, a few hundred a transaction. */
async function settleAll({ tournament, roundId }: LargeRound): Promise<void> {
  for (let from = 0; from < STAKES; from += 350) {
    await tournament.settle(roundId, from, Math.min(from + 350, STAKES), MAX_GAS);
  }
}

describe("a round of several chunks", () => {
  for (const [where, scores, cut] of [
    ["first", CUT_IN_FIRST, GREEDY],
    ["last", CUT_IN_LAST, LAST],
  ] as const) {
    it(`proves a cut in the ${where} chunk, with the sums of the sorted auction`, async () => {
      const round = await networkHelpers.loadFixture(closedLargeRound);
      const { tournament, roundId } = round;
      const reference = expected(scores);
      expect(reference.cut).to.equal(cut);

      const attempt = await tournament.getAttempt(roundId, await score(round, roundId, scores, { cut }));
      expect([attempt.above, attempt.burned, attempt.cutPayout]).to.deep.equal([
        reference.above,
        reference.burned,
        reference.cutPayout,
      ]);
      expect(attempt.scoredCount).to.equal(STAKES);
      expect(attempt.scoresDigest).to.equal(scoresDigest(packScores(scores)));
    });
  }

  it("counts nothing that a call carries behind a chunk", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, members, roundId } = round;
    const [member] = members;
    await tournament.connect(member).beginScoring(roundId, LAST, id("evidence"), "");
    const failed = packScores([BAD])[0]?.slice(2) ?? "";
    for (const chunk of packScores(CUT_IN_LAST)) {
      const data = tournament.interface.encodeFunctionData("postScores", [roundId, 1n, chunk]);
      await member.sendTransaction({ to: tournament, data: data + failed });
    }
    expect((await tournament.getAttempt(roundId, 1n)).burned).to.equal(expected(CUT_IN_LAST).burned);
  });

  it("keeps each chunk in an account of its own, readable without the contract", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, roundId } = round;
    const attemptId = await score(round, roundId, CUT_IN_LAST, { cut: LAST });
    const chunks = [];
    for (const pointer of await tournament.getChunks(roundId, attemptId)) {
      const code = await ethers.provider.getCode(pointer);
      expect(code.slice(0, 4)).to.equal("0x00");
      chunks.push(`0x${code.slice(4)}`);
    }
    expect(chunks).to.have.length(4);
    expect(unpackScores(chunks)).to.deep.equal(CUT_IN_LAST);
  });

  it("asks for full chunks and then for all that is left, resuming where the attempt stopped", async () => {
    const { tournament, members, roundId } = await networkHelpers.loadFixture(closedLargeRound);
    const member = tournament.connect(members[0]);
    await member.beginScoring(roundId, LAST, id("evidence"), "");
    const chunks = packScores(CUT_IN_LAST);
    const full = CHUNK * 4;
    for (const [index, chunk] of chunks.entries()) {
      const due = index < 3 ? full : 4;
      for (const wrong of [chunk.slice(0, -8), `${chunk}00000000`]) {
        await expect(member.postScores(roundId, 1n, wrong))
          .to.be.revertedWithCustomError(tournament, "InvalidChunk")
          .withArgs(due, (wrong.length - 2) / 2);
      }
      expect((await tournament.getChunks(roundId, 1n)).length).to.equal(index);
      const posting = member.postScores(roundId, 1n, chunk);
      await posting;
      const pointer = (await tournament.getChunks(roundId, 1n))[index];
      await expect(posting)
        .to.emit(tournament, "ScoresPosted")
        .withArgs(roundId, 1n, index * CHUNK, pointer, chunk);
      const { scoredCount, completedAt, cutPayout } = await tournament.getAttempt(roundId, 1n);
      expect(scoredCount).to.equal(Math.min((index + 1) * CHUNK, STAKES));
      expect(completedAt > 0n).to.equal(index === 3);
      expect(cutPayout > 0n).to.equal(index === 3);
    }
  });

  it("names a bad score by its place in the round, in a later chunk too", async () => {
    const { tournament, members, roundId } = await networkHelpers.loadFixture(closedLargeRound);
    const member = tournament.connect(members[0]);
    await member.beginScoring(roundId, LAST, id("evidence"), "");
    const [first = "", second = ""] = packScores(CUT_IN_LAST);
    await member.postScores(roundId, 1n, first);
    await expect(member.postScores(roundId, 1n, `${second.slice(0, -8)}00300000`))
      .to.be.revertedWithCustomError(tournament, "InvalidScore")
      .withArgs(2 * CHUNK - 1, 0x300000);
  });

  it("refuses a wrong cut at the chunk in which more is due than there is, or at the last", async () => {
    const { tournament, members, roundId } = await networkHelpers.loadFixture(closedLargeRound);
    const member = tournament.connect(members[0]);
    const chunks = packScores(CUT_IN_FIRST);
    // The greedy stake in the first chunk asks for the whole pool, so nothing below it is the cut.
    for (const [attemptId, cut] of [
      [1n, NO_CUT],
      [2n, LAST],
    ] as const) {
      await member.beginScoring(roundId, cut, id("evidence"), "");
      await expect(member.postScores(roundId, attemptId, chunks[0] ?? "")).to.be.revertedWithCustomError(
        tournament,
        "InvalidCut",
      );
    }
    // A cut whose own score is in the first chunk but asks for too little falls with the last.
    const early = BIDS.findIndex(({ confidence }, index) => confidence > parseEther("90") && index % 3 !== 0);
    await member.beginScoring(roundId, early, id("evidence"), "");
    const lower = packScores(CUT_IN_LAST);
    for (const chunk of lower.slice(0, 3)) await member.postScores(roundId, 3n, chunk);
    await expect(member.postScores(roundId, 3n, lower[3] ?? "")).to.be.revertedWithCustomError(
      tournament,
      "InvalidCut",
    );
  });

  it("starts an attempt after a half-posted, vetoed one from zero", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, members, guardian, roundId } = round;
    const member = tournament.connect(members[0]);
    const chunks = packScores(CUT_IN_LAST);
    await member.beginScoring(roundId, LAST, id("evidence"), "");
    for (const chunk of chunks.slice(0, 2)) await member.postScores(roundId, 1n, chunk);
    expect((await tournament.getAttempt(roundId, 1n)).burned).to.be.greaterThan(0n);
    await tournament.connect(guardian).veto(roundId, "half of it is enough to see");
    await expect(member.postScores(roundId, 1n, chunks[2] ?? ""))
      .to.be.revertedWithCustomError(tournament, "AttemptVetoed")
      .withArgs(roundId, 1n);

    const reference = expected(CUT_IN_LAST);
    const attempt = await tournament.getAttempt(roundId, await score(round, roundId, CUT_IN_LAST, { cut: LAST }));
    expect([attempt.above, attempt.burned]).to.deep.equal([reference.above, reference.burned]);
    expect(await tournament.getChunks(roundId, 1n)).to.have.length(2);
  });

  it("takes all chunks but the last when the challenge period no longer fits", async () => {
    const { tournament, members, roundId, deadline, challengePeriod } =
      await networkHelpers.loadFixture(closedLargeRound);
    const member = tournament.connect(members[0]);
    await member.beginScoring(roundId, LAST, id("evidence"), "");
    const chunks = packScores(CUT_IN_LAST);
    await at(deadline - challengePeriod + 1);
    for (const chunk of chunks.slice(0, 3)) await member.postScores(roundId, 1n, chunk);
    await expect(member.postScores(roundId, 1n, chunks[3] ?? "")).to.be.revertedWithCustomError(
      tournament,
      "DeadlinePassed",
    );
  });

  it("resolves and settles by scores of every chunk, and leaves nothing but the remainder", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, nmr, holder, roundId } = round;
    const reference = expected(CUT_IN_LAST);
    const attemptId = await score(round, roundId, CUT_IN_LAST, { cut: LAST });
    await approve(round, roundId, attemptId);
    await networkHelpers.time.increase(round.challengePeriod);
    await tournament.finalize(roundId, attemptId);

    for (const index of [0, CHUNK - 1, CHUNK, 3 * CHUNK - 1, LAST]) {
      expect((await tournament.scoreOf(roundId, index)).logloss, `score ${index}`).to.equal(
        CUT_IN_LAST[index]?.logloss,
      );
      const outcome = await tournament.previewOutcome(roundId, index);
      const { returned, burned, etherPaid } = reference.outcomes[index] ?? {};
      expect([outcome.returned, outcome.burned, outcome.etherPaid], `outcome ${index}`).to.deep.equal([
        returned,
        burned,
        etherPaid,
      ]);
    }
    await settleAll(round);
    expect(await nmr.balanceOf(holder)).to.equal(TOTAL - reference.burned);
    expect(await ethers.provider.getBalance(holder)).to.equal(PRIZE);
    expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
    expect(await nmr.balanceOf(tournament)).to.equal(0n);
  });

  it("settles a stake at the beginning or end of any chunk for the same gas", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, roundId } = round;
    const attemptId = await score(round, roundId, CUT_IN_LAST, { cut: LAST });
    await approve(round, roundId, attemptId);
    await networkHelpers.time.increase(round.challengePeriod);
    await tournament.finalize(roundId, attemptId);

    // All perform and are paid; the first one also writes what the others only add to.
    const gas: bigint[] = [];
    for (const index of [4, 7, 2 * CHUNK + 1, LAST - 2]) {
      expect((await tournament.previewOutcome(roundId, index)).etherPaid, `stake ${index}`).to.be.greaterThan(0n);
      const receipt = await (await tournament.settle(roundId, index, index + 1, MAX_GAS)).wait();
      gas.push(receipt?.gasUsed ?? 0n);
    }
    const [, early = 0n, ...others] = gas;
    for (const other of others) expect(other).to.be.within(early - 300n, early + 300n);
  });

  it("gives everything back when half of an attempt is all there was by the deadline", async () => {
    const round = await networkHelpers.loadFixture(closedLargeRound);
    const { tournament, nmr, members, roundManager, holder, roundId, deadline } = round;
    const member = tournament.connect(members[0]);
    await member.beginScoring(roundId, LAST, id("evidence"), "");
    for (const chunk of packScores(CUT_IN_LAST).slice(0, 2)) await member.postScores(roundId, 1n, chunk);
    await at(deadline);
    await expect(tournament.voidRound(roundId))
      .to.be.revertedWithCustomError(tournament, "DeadlineNotPassed")
      .withArgs(deadline, deadline);
    await at(deadline + 1);
    await tournament.voidRound(roundId);
    await settleAll(round);
    expect(await nmr.balanceOf(holder)).to.equal(TOTAL);
    await expect(tournament.connect(roundManager).reclaimPrize(roundId)).to.changeEtherBalance(
      ethers,
      roundManager,
      PRIZE,
    );
    expect(await nmr.balanceOf(tournament)).to.equal(0n);
  });
});
