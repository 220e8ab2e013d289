import { id } from "ethers";
import { expect } from "chai";
import fc from "fast-check";

import {
  NO_CUT,
  NO_RECORD,
  bonus,
  packScores,
  record,
  reputationBefore,
  resolveAuction,
  type AuctionResult,
  type TrackRecord,
} from "../../sdk/index.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { expectBalanced } from "../fixtures/ledger.js";
import {
  CROWD,
  MIN_CONFIDENCE,
  crowd,
  openCrowd,
  randomRound,
  type Crowd,
  type RandomRound,
} from "../fixtures/random-rounds.js";
import { LN2, approve, close } from "../fixtures/rounds.js";

/** Stories of four rounds: a hundred rounds. */
const STORIES = { runs: 25, rounds: 4 };

/** What the sorted reference makes of a round. */
function reference({ stakes, prize }: RandomRound): AuctionResult {
  return resolveAuction({
    stakes: stakes.map(({ bid }) => bid),
    scores: stakes.map(({ score }) => score),
    terms: { benchmark: LN2, minConsistency: 50, minConfidence: MIN_CONFIDENCE },
    prizePool: prize,
  });
}

/** The reference's track records of the crowd, by model. */
async function recordsOf(d: Crowd): Promise<Map<bigint, TrackRecord>> {
  const models = Array.from({ length: CROWD }, (_, i) => BigInt(i + 1));
  return new Map(
    await Promise.all(
      models.map(async (modelId): Promise<[bigint, TrackRecord]> => {
        const { history, lastOrdinal } = await d.tournament.getModel(modelId);
        return [modelId, { history, lastOrdinal: Number(lastOrdinal) }];
      }),
    ),
  );
}

/** Tries every cut but the right one as an attempt of its own, and resolves the round by the right one. */
async function resolveByTheOnlyCut(d: Crowd, roundId: bigint, round: RandomRound, right: AuctionResult): Promise<void> {
  const [packed = "0x"] = packScores(round.stakes.map(({ score }) => score));
  const tournament = d.tournament.connect(d.members[0]);
  const begin = (cut: number): ReturnType<typeof tournament.beginScoring> =>
    tournament.beginScoring(roundId, cut, id("evidence"), "");
  let attemptId = 0n;
  for (const cut of [...round.stakes.keys(), NO_CUT].filter((other) => other !== right.cut)) {
    if (round.prize === 0n) {
      await expect(begin(cut)).to.be.revertedWithCustomError(tournament, "InvalidCut");
    } else {
      await begin(cut);
      await expect(tournament.postScores.staticCall(roundId, ++attemptId, packed)).to.be.revertedWithCustomError(
        tournament,
        "InvalidCut",
      );
    }
  }
  await begin(right.cut);
  await tournament.postScores(roundId, ++attemptId, packed);
  await approve(d, roundId, attemptId);
  const { above, burned, cutPayout } = await tournament.getAttempt(roundId, attemptId);
  expect({ above, burned, cutPayout }).to.deep.equal({
    above: right.above,
    burned: right.burned,
    cutPayout: right.cutPayout,
  });
  await networkHelpers.time.increase((await tournament.getRound(roundId)).terms.challengePeriod);
  await tournament.finalize(roundId, attemptId);
}

/** Plays a round and compares every settlement, record and sum with the reference's. */
async function playAgainstReference(d: Crowd, round: RandomRound, records: Map<bigint, TrackRecord>): Promise<void> {
  const roundId = await openCrowd(d, round);
  await close(d, roundId);
  const right = reference(round);
  await resolveByTheOnlyCut(d, roundId, round, right);
  const ordinal = Number((await d.tournament.getRound(roundId)).ordinal);

  const expected = right.outcomes.map(({ returned, burned, etherPaid, qualified }, index) => {
    const modelId = round.firstModelId + BigInt(index);
    const before = records.get(modelId) ?? NO_RECORD;
    records.set(modelId, record(before, ordinal, qualified));
    const earned = bonus(round.bonus, etherPaid, reputationBefore(before, ordinal), round.prize);
    return [modelId, BigInt(index), returned, burned, etherPaid, earned, qualified] as const;
  });
  const bonuses = expected.reduce((sum, [, , , , , earned]) => sum + earned, 0n);
  expect(bonuses <= round.bonus, "bonuses <= bonus pool").to.equal(true);

  const etherBefore = await ethers.provider.getBalance(d.owner);
  const nmrBefore = await d.nmr.balanceOf(d.owner);
  await d.tournament.settle(roundId, 0n, round.stakes.length);
  const settled = await d.tournament.queryFilter(d.tournament.filters.StakeSettled(roundId));
  expect(
    settled.map(({ args: a }) => [a.modelId, a.index, a.returned, a.burned, a.etherPaid, a.bonus, a.qualified]),
  ).to.deep.equal(expected);
  expect((await ethers.provider.getBalance(d.owner)) - etherBefore).to.equal(right.above + right.cutPayout);
  expect((await d.nmr.balanceOf(d.owner)) - nmrBefore).to.equal(
    expected.reduce((sum, [, , returned]) => sum + returned, bonuses),
  );
}

describe("The auction on chain, against the sorted reference", () => {
  it("takes no other cut and settles every stake alike, with reputation and bonus, in a hundred rounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomRound, { minLength: STORIES.rounds, maxLength: STORIES.rounds }),
        async (rounds) => {
          const d = await networkHelpers.loadFixture(crowd);
          const records = await recordsOf(d);
          for (const round of rounds) await playAgainstReference(d, round, records);
          expect(await recordsOf(d)).to.deep.equal(records);
          await expectBalanced(d);
        },
      ),
      { numRuns: STORIES.runs },
    );
  });
});
