import { expect } from "chai";
import fc from "fast-check";

import { NO_RECORD, bonus, record, reputationBefore, type TrackRecord } from "../../sdk/index.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { expectBalanced } from "../fixtures/ledger.js";
import {
  CROWD,
  acceptedWrongCuts,
  closedCrowd,
  crowd,
  randomRound,
  referenceOf,
  resolveCrowd,
  type Crowd,
  type RandomRound,
} from "../fixtures/random-rounds.js";
import { MAX_GAS } from "../fixtures/rounds.js";

/** Rounds to play: NUMERAIRE_ROUNDS, or what the nightly run or every run plays. */
const ROUNDS = Number(process.env.NUMERAIRE_ROUNDS ?? (process.env.NUMERAIRE_DEEP === "1" ? 10_000 : 300));
/** Rounds one after another on one chain: track records pass from one to the next. */
const STORY = 20;

/** The contract's track records of the crowd, by model. */
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

/** Plays a round and compares every settlement, record and sum with the reference's. */
async function playAgainstReference(d: Crowd, round: RandomRound, records: Map<bigint, TrackRecord>): Promise<void> {
  const { tournament } = d;
  const right = referenceOf(round);
  const roundId = await closedCrowd(d, round);
  expect(await acceptedWrongCuts(d, roundId, round), "wrong cuts accepted").to.deep.equal([]);
  await resolveCrowd(d, roundId, round);
  const { ordinal, resolvedAttempt } = await tournament.getRound(roundId);
  const { above, burned, cutPayout, cut } = await tournament.getAttempt(roundId, resolvedAttempt);
  expect([above, burned, cutPayout, Number(cut)]).to.deep.equal([
    right.above,
    right.burned,
    right.cutPayout,
    right.cut,
  ]);

  const expected = right.outcomes.map(({ returned, burned: destroyed, etherPaid, qualified }, index) => {
    const modelId = round.firstModelId + BigInt(index);
    const before = records.get(modelId) ?? NO_RECORD;
    records.set(modelId, record(before, Number(ordinal), qualified));
    const earned = bonus(round.bonus, etherPaid, reputationBefore(before, Number(ordinal)), round.prize);
    return [modelId, BigInt(index), returned, destroyed, etherPaid, earned, qualified] as const;
  });
  const bonuses = expected.reduce((sum, [, , , , , earned]) => sum + earned, 0n);
  expect(bonuses <= round.bonus, "bonuses <= bonus pool").to.equal(true);

  const etherBefore = await ethers.provider.getBalance(d.owner);
  const nmrBefore = await d.nmr.balanceOf(d.owner);
  const { blockNumber } = await tournament.settle(roundId, 0n, round.stakes.length, MAX_GAS);
  const settled = await tournament.queryFilter(tournament.filters.StakeSettled(roundId), blockNumber ?? undefined);
  expect(
    settled.map(({ args: a }) => [a.modelId, a.index, a.returned, a.burned, a.etherPaid, a.bonus, a.qualified]),
  ).to.deep.equal(expected);
  expect((await ethers.provider.getBalance(d.owner)) - etherBefore).to.equal(right.above + right.cutPayout);
  expect((await d.nmr.balanceOf(d.owner)) - nmrBefore).to.equal(
    expected.reduce((sum, [, , returned]) => sum + returned, bonuses),
  );
}

describe("The auction on chain, against the sorted reference", () => {
  it(`takes no other cut and settles every stake alike, with reputation and bonus, in ${ROUNDS} rounds`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomRound, { minLength: STORY, maxLength: STORY }), async (rounds) => {
        const d = await networkHelpers.loadFixture(crowd);
        const records = await recordsOf(d);
        for (const round of rounds) await playAgainstReference(d, round, records);
        expect(await recordsOf(d)).to.deep.equal(records);
        await expectBalanced(d);
      }),
      {
        numRuns: Math.ceil(ROUNDS / STORY),
        // Twenty rounds take minutes to make smaller, and pages to print: the seed plays them again.
        endOnFailure: true,
        reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
          if (!failed) return;
          const replay = `{ seed: ${seed}, path: "${counterexamplePath ?? ""}" }`;
          throw new Error(`a story of ${STORY} rounds differs from the reference: ${replay}`, { cause: errorInstance });
        },
      },
    );
  }).timeout(120_000 + ROUNDS * 500);
});
