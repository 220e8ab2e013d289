import { expect } from "chai";
import fc from "fast-check";
import { dataSlice, id, parseEther, toBeHex } from "ethers";

import {
  MAX_LOGLOSS,
  NO_CUT,
  UNSCORED,
  encodeScore,
  packScores,
  payout,
  resolveAuction,
  type Score,
} from "../../../sdk/index.js";
import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { MIXED, MIXED_BIDS, MIXED_SCORES, closedMixedRound, type MixedRound } from "../../fixtures/mixed-round.js";
import { BAD, DAY, GOOD, LN2, close, openRound, score, stakeEach, type Bid } from "../../fixtures/rounds.js";

/** The mixed scores as the one chunk they make. */
const PACKED = packScores(MIXED_SCORES).join("");

/** Begins an attempt of the first member; gives the tournament as that member sees it. */
async function begin(round: MixedRound, cut: number = MIXED.cut): Promise<MixedRound["tournament"]> {
  const tournament = round.tournament.connect(round.members[0]);
  await tournament.beginScoring(round.roundId, cut, id("evidence"), "");
  return tournament;
}

/** A closed round with the given bids and prize. */
async function closedRound(d: Deployed, bids: readonly Bid[], prize: bigint, minConfidence = 1n): Promise<bigint> {
  const roundId = await openRound(d, prize, { minConfidence });
  await stakeEach(d, roundId, bids);
  await close(d, roundId);
  return roundId;
}

describe("StakingTournament.postScores", () => {
  describe("given all the scores of an attempt and the right cut", () => {
    it("stores them and adds up their consequences", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, roundId } = round;
      const posting = (await begin(round)).postScores(roundId, 1n, PACKED);
      await posting;
      const [pointer] = await tournament.getChunks(roundId, 1n);
      await expect(posting).to.emit(tournament, "ScoresPosted").withArgs(roundId, 1n, 0n, pointer, PACKED);
      await expect(posting)
        .to.emit(tournament, "ScoringCompleted")
        .withArgs(roundId, 1n, await tournament.reportHash(roundId, 1n), MIXED.above, MIXED.burned);
      const attempt = await tournament.getAttempt(roundId, 1n);
      expect(attempt.above).to.equal(MIXED.above);
      expect(attempt.burned).to.equal(MIXED.burned);
      expect(attempt.cutPayout).to.equal(MIXED.cutPayout);
      expect(attempt.completedAt).to.equal(await networkHelpers.time.latest());
    });

    it("takes no more scores after the last", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const posting = await begin(round);
      await posting.postScores(round.roundId, 1n, PACKED);
      for (const packed of [PACKED, "0x", dataSlice(PACKED, 0, 4)]) {
        await expect(posting.postScores(round.roundId, 1n, packed))
          .to.be.revertedWithCustomError(posting, "AttemptComplete")
          .withArgs(round.roundId, 1n);
      }
    });
  });

  describe("given scores that do not count", () => {
    for (const [what, broken] of [
      ["unscored", { ...BAD, scored: false }],
      ["not concordant", { ...BAD, concordant: false }],
      ["not original", { ...BAD, original: false }],
      ["one per cent below the least consistency", { ...BAD, consistency: 49 }],
    ] as const) {
      it(`destroys no stake that is ${what}`, async () => {
        const round = await networkHelpers.loadFixture(closedMixedRound);
        const attemptId = await score(round, round.roundId, [GOOD, broken, GOOD, BAD], { cut: MIXED.cut });
        expect((await round.tournament.getAttempt(round.roundId, attemptId)).burned).to.equal(0n);
      });
    }

    it("destroys a stake with the least consistency and the log-loss of the benchmark, or the greatest", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      for (const failed of [
        { ...BAD, consistency: 50 },
        { ...BAD, logloss: MAX_LOGLOSS },
      ]) {
        const attemptId = await score(round, round.roundId, [GOOD, failed, GOOD, BAD], { cut: MIXED.cut });
        expect((await round.tournament.getAttempt(round.roundId, attemptId)).burned).to.equal(MIXED.burned);
      }
    });
  });

  describe("given the wrong sender, attempt or round", () => {
    it("refuses everybody but the attempt's proposer, other members too", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      await begin(round);
      const { tournament, members, guardian, stranger, roundId } = round;
      for (const account of [members[1], guardian, stranger]) {
        await expect(tournament.connect(account).postScores(roundId, 1n, PACKED))
          .to.be.revertedWithCustomError(tournament, "NotProposer")
          .withArgs(members[0].address, account.address);
      }
    });

    it("refuses an attempt that was not begun", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const posting = await begin(round);
      for (const attemptId of [0n, 2n]) {
        await expect(posting.postScores(round.roundId, attemptId, PACKED))
          .to.be.revertedWithCustomError(posting, "AttemptNotFound")
          .withArgs(round.roundId, attemptId);
      }
    });

    it("refuses a vetoed attempt", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const posting = await begin(round);
      await round.tournament.connect(round.guardian).veto(round.roundId, "wrong");
      await expect(posting.postScores(round.roundId, 1n, PACKED))
        .to.be.revertedWithCustomError(posting, "AttemptVetoed")
        .withArgs(round.roundId, 1n);
    });

    itNeedsStatus("Closed", ({ tournament, members }, roundId) =>
      tournament.connect(members[0]).postScores(roundId, 1n, "0x00000000"),
    );
  });

  describe("given a chunk of the wrong length", () => {
    for (const [what, packed] of [
      ["nothing", "0x"],
      ["a score too few", dataSlice(PACKED, 0, 12)],
      ["a score too many", `${PACKED}00000000`],
      ["a byte too few", dataSlice(PACKED, 0, 15)],
      ["a byte too many", `${PACKED}00`],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const round = await networkHelpers.loadFixture(closedMixedRound);
        const posting = await begin(round);
        await expect(posting.postScores(round.roundId, 1n, packed))
          .to.be.revertedWithCustomError(posting, "InvalidChunk")
          .withArgs(16n, (packed.length - 2) / 2);
      });
    }
  });

  describe("given a score that cannot be", () => {
    const good = encodeScore(GOOD);
    const consistency = (value: number): number => ((good & ~(0x7f << 22)) | (value << 22)) >>> 0;

    for (const [what, word] of [
      ["with bit 20 set", (good | (1 << 20)) >>> 0],
      ["with bit 21 set", (good | (1 << 21)) >>> 0],
      ["with a consistency of 101", consistency(101)],
      ["with a consistency of 127", consistency(127)],
      ["unscored, with a consistency of 101", (consistency(101) & 0x7fffffff) >>> 0],
      ["unscored, with bit 21 set", 1 << 21],
    ] as const) {
      it(`refuses one ${what}, wherever it is`, async () => {
        const round = await networkHelpers.loadFixture(closedMixedRound);
        const posting = await begin(round);
        for (const index of [0, 3]) {
          const words = MIXED_SCORES.map((each, i) => toBeHex(i === index ? word : encodeScore(each), 4).slice(2));
          await expect(posting.postScores(round.roundId, 1n, `0x${words.join("")}`))
            .to.be.revertedWithCustomError(posting, "InvalidScore")
            .withArgs(index, word);
        }
      });
    }

    it("takes a consistency of 100", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const attemptId = await score(round, round.roundId, [GOOD, BAD, { ...GOOD, consistency: 100 }, UNSCORED]);
      expect((await round.tournament.getAttempt(round.roundId, attemptId)).scoredCount).to.equal(4n);
    });
  });

  describe("given a cut that is not the one", () => {
    it("refuses a stake above it, with what that one asks for", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const posting = await begin(round, 0);
      await expect(posting.postScores(round.roundId, 1n, PACKED))
        .to.be.revertedWithCustomError(posting, "InvalidCut")
        .withArgs(0n, MIXED.prizePool, 0n, parseEther("2"));
    });

    it("refuses a stake that failed, above the pool's end or below", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const posting = await begin(round, 1);
      await expect(posting.postScores(round.roundId, 1n, PACKED))
        .to.be.revertedWithCustomError(posting, "InvalidCut")
        .withArgs(1n, MIXED.prizePool, MIXED.above, 0n);
      await begin(round, 3);
      await expect(posting.postScores(round.roundId, 2n, PACKED))
        .to.be.revertedWithCustomError(posting, "InvalidCut")
        .withArgs(3n, MIXED.prizePool, parseEther("12"), 0n);
    });

    it("refuses a stake that asks for enough but is ineligible", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      for (const broken of [
        { ...GOOD, scored: false },
        { ...GOOD, concordant: false },
        { ...GOOD, original: false },
        { ...GOOD, consistency: 49 },
      ]) {
        const posting = await begin(round);
        const { attemptCount } = await posting.getRound(round.roundId);
        const [packed = ""] = packScores([GOOD, BAD, broken, BAD]);
        await expect(posting.postScores(round.roundId, attemptCount, packed))
          .to.be.revertedWithCustomError(posting, "InvalidCut")
          .withArgs(MIXED.cut, MIXED.prizePool, MIXED.above, 0n);
      }
    });

    it("refuses a performing stake below the least confidence, and takes one that has it", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const confidence = parseEther("1");
      const bids = [{ amount: parseEther("9"), confidence }];
      for (const [minConfidence, right] of [
        [confidence, 0],
        [confidence + 1n, NO_CUT],
      ] as const) {
        const roundId = await closedRound(d, bids, parseEther("9"), minConfidence);
        const wrong = right === 0 ? NO_CUT : 0;
        await expect(score(d, roundId, [GOOD], { cut: wrong })).to.be.revertedWithCustomError(
          d.tournament,
          "InvalidCut",
        );
        await score(d, roundId, [GOOD], { cut: right });
      }
    });

    it("refuses NO_CUT when the pool is emptied to the wei, and a cut when a wei is left", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const bids = [{ amount: parseEther("10"), confidence: parseEther("5") }];
      const due = parseEther("2");
      const emptied = await closedRound(d, bids, due);
      await expect(score(d, emptied, [GOOD], { cut: NO_CUT }))
        .to.be.revertedWithCustomError(d.tournament, "InvalidCut")
        .withArgs(NO_CUT, due, due, 0n);
      await score(d, emptied, [GOOD], { cut: 0 });

      const left = await closedRound(d, bids, due + 1n);
      await expect(score(d, left, [GOOD], { cut: 0 }))
        .to.be.revertedWithCustomError(d.tournament, "InvalidCut")
        .withArgs(0n, due + 1n, 0n, due);
      await score(d, left, [GOOD], { cut: NO_CUT });
    });
  });

  describe("given any scores of a round with ties, and every stake tried as the cut", () => {
    const BIDS: readonly Bid[] = (
      [
        ["5", "10"],
        ["4", "8"],
        ["4", "4"],
        ["3", "9"],
        ["2", "6"],
        ["2", "6"],
        ["2", "40"],
        ["0.5", "100"],
        ["1", "5"],
      ] as const
    ).map(([confidence, amount]) => ({ amount: parseEther(amount), confidence: parseEther(confidence) }));
    const PRIZE = parseEther("7");
    const TERMS = { benchmark: LN2, minConsistency: 50, minConfidence: parseEther("1") };

    const anyScore = fc.oneof(
      { weight: 4, arbitrary: fc.constant(GOOD) },
      { weight: 2, arbitrary: fc.constant(BAD) },
      fc.constantFrom<Score>({ ...GOOD, original: false }, { ...GOOD, consistency: 49 }, UNSCORED),
    );

    it("accepts the one of the sorted auction alone, with its sums", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await closedRound(d, BIDS, PRIZE, TERMS.minConfidence);
      await fc.assert(
        fc.asyncProperty(fc.array(anyScore, { minLength: BIDS.length, maxLength: BIDS.length }), async (scores) => {
          const expected = resolveAuction({ stakes: BIDS, scores, terms: TERMS, prizePool: PRIZE });
          for (const cut of [...BIDS.keys(), NO_CUT].filter((other) => other !== expected.cut)) {
            await expect(score(d, roundId, scores, { cut }), `cut ${cut}`).to.be.revertedWithCustomError(
              d.tournament,
              "InvalidCut",
            );
          }
          const attempt = await d.tournament.getAttempt(
            roundId,
            await score(d, roundId, scores, { cut: expected.cut }),
          );
          expect([attempt.above, attempt.burned, attempt.cutPayout]).to.deep.equal([
            expected.above,
            expected.burned,
            expected.cutPayout,
          ]);
        }),
        { numRuns: 20 },
      );
    });

    it("caps what one stake asks for at the prize pool, so that no sum overflows", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const bids = [
        { amount: parseEther("1000"), confidence: 1n },
        { amount: parseEther("1"), confidence: parseEther("1") },
      ];
      const [greedy] = bids;
      if (greedy === undefined) throw new Error("no bid");
      expect(payout(greedy)).to.be.greaterThan(2n ** 96n);
      const roundId = await closedRound(d, bids, PRIZE);
      const attempt = await d.tournament.getAttempt(roundId, await score(d, roundId, [GOOD, GOOD], { cut: 0 }));
      expect([attempt.above, attempt.cutPayout]).to.deep.equal([parseEther("1"), parseEther("6")]);
      await expect(score(d, roundId, [GOOD, GOOD], { cut: NO_CUT }))
        .to.be.revertedWithCustomError(d.tournament, "InvalidCut")
        .withArgs(NO_CUT, PRIZE, PRIZE + parseEther("1"), 0n);
    });
  });

  describe("given an empty prize pool", () => {
    it("finds nothing above and destroys nothing", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await closedRound(d, MIXED_BIDS, 0n);
      const attempt = await d.tournament.getAttempt(roundId, await score(d, roundId, [GOOD, BAD, BAD, GOOD]));
      expect(attempt.cut).to.equal(NO_CUT);
      expect([attempt.above, attempt.burned, attempt.cutPayout]).to.deep.equal([0n, 0n, 0n]);
      expect(attempt.completedAt).to.be.greaterThan(0n);
    });
  });

  describe("given a prize pool of one wei", () => {
    it("refuses a cut behind the stake that empties it", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const bids = [
        { amount: parseEther("1"), confidence: parseEther("2") },
        { amount: parseEther("1"), confidence: parseEther("1") },
      ];
      const roundId = await closedRound(d, bids, 1n);
      await expect(score(d, roundId, [GOOD, GOOD], { cut: 1 }))
        .to.be.revertedWithCustomError(d.tournament, "InvalidCut")
        .withArgs(1n, 1n, 1n, 0n);
      await score(d, roundId, [GOOD, GOOD], { cut: 0 });
    });
  });

  describe("given the seconds in which the challenge period just fits", () => {
    it("takes the last scores when it ends with the deadline, and refuses them a second later", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { roundId, deadline, challengePeriod } = round;
      const posting = await begin(round);
      await at(deadline - challengePeriod + 1);
      await expect(posting.postScores(roundId, 1n, PACKED))
        .to.be.revertedWithCustomError(posting, "DeadlinePassed")
        .withArgs(deadline, deadline + 1);
      await at(deadline - challengePeriod);
      await expect(posting.postScores(roundId, 1n, PACKED)).to.emit(posting, "ScoringCompleted");
    });

    it("counts to the deadline that a veto moved", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { roundId, deadline, challengePeriod } = round;
      await at(deadline);
      await round.tournament.connect(round.guardian).veto(roundId, "wrong");
      const moved = deadline + challengePeriod + DAY;
      const posting = await begin(round);
      await at(moved - challengePeriod + 1);
      await expect(posting.postScores(roundId, 1n, PACKED))
        .to.be.revertedWithCustomError(posting, "DeadlinePassed")
        .withArgs(moved, moved + 1);
      await at(moved - challengePeriod);
      await expect(posting.postScores(roundId, 1n, PACKED)).to.emit(posting, "ScoringCompleted");
    });
  });

  describe("given rival attempts", () => {
    it("keeps the sums of each apart, those of the same member too", async () => {
      const round = await networkHelpers.loadFixture(closedMixedRound);
      const { tournament, members, roundId } = round;
      const rivals = [
        await score(round, roundId, MIXED_SCORES),
        await score(round, roundId, [BAD, BAD, BAD, BAD], { member: members[1] }),
        await score(round, roundId, [UNSCORED, UNSCORED, UNSCORED, GOOD]),
        await score(round, roundId, MIXED_SCORES),
      ];
      const sums = [];
      for (const attemptId of rivals) {
        const { cut, above, burned } = await tournament.getAttempt(roundId, attemptId);
        sums.push([Number(cut), above, burned]);
      }
      expect(sums).to.deep.equal([
        [MIXED.cut, MIXED.above, MIXED.burned],
        [NO_CUT, 0n, MIXED.totalStaked],
        [NO_CUT, parseEther("3"), 0n],
        [MIXED.cut, MIXED.above, MIXED.burned],
      ]);
    });
  });
});
