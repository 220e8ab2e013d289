import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS } from "../../fixtures/every-status.js";
import {
  MIXED,
  MIXED_SCORES,
  closedMixedRound,
  openMixedRound,
  resolvedMixedRound,
  voidMixedRound,
} from "../../fixtures/mixed-round.js";
import { DAY, score } from "../../fixtures/rounds.js";
import type { IStakingTournament } from "../../../typechain-types/index.js";

type RoundView = IStakingTournament.RoundViewStructOutput;

/** The fields besides the terms, by name. */
function stateOf(round: RoundView): Record<string, bigint> {
  const { status, stakeCount, totalStaked, prizePool, bonusPool, settledCount } = round;
  const { attemptCount, resolvedAttempt, deadline, ordinal } = round;
  return {
    status,
    stakeCount,
    totalStaked,
    prizePool,
    bonusPool,
    settledCount,
    attemptCount,
    resolvedAttempt,
    deadline,
    ordinal,
  };
}

/** State of the mixed round while it waits for scores. */
const waiting = (deadline: number): Record<string, bigint> => ({
  status: STATUS.Closed,
  stakeCount: 4n,
  totalStaked: MIXED.totalStaked,
  prizePool: MIXED.prizePool,
  bonusPool: MIXED.bonusPool,
  settledCount: 0n,
  attemptCount: 0n,
  resolvedAttempt: 0n,
  deadline: BigInt(deadline),
  ordinal: 0n,
});

describe("StakingTournament.getRound", () => {
  it("is all zero for a round that was never opened", async () => {
    const { tournament } = await networkHelpers.loadFixture(deployed);
    const round = await tournament.getRound(1n);
    expect([...Object.values(stateOf(round)), ...round.terms].map(BigInt)).to.deep.equal(Array(17).fill(0n));
  });

  it("counts stakes and pools of an open round, and names resolveBy as the deadline", async () => {
    const { tournament, roundId, deadline } = await networkHelpers.loadFixture(openMixedRound);
    const round = await tournament.getRound(roundId);
    expect(stateOf(round)).to.deep.equal({ ...waiting(deadline), status: STATUS.Open });
    expect(round.terms.resolveBy).to.equal(deadline);
  });

  it("counts attempts, vetoed ones too, and shows the deadline a veto moved but the terms as they were", async () => {
    const mixed = await networkHelpers.loadFixture(closedMixedRound);
    const { tournament, guardian, members, roundId, deadline, challengePeriod } = mixed;
    await score(mixed, roundId, MIXED_SCORES);
    await score(mixed, roundId, MIXED_SCORES, { member: members[1] });
    expect(stateOf(await tournament.getRound(roundId))).to.deep.equal({ ...waiting(deadline), attemptCount: 2n });

    await at(deadline);
    await tournament.connect(guardian).veto(roundId, "wrong");
    const round = await tournament.getRound(roundId);
    expect(stateOf(round)).to.deep.equal({
      ...waiting(deadline + challengePeriod + DAY),
      attemptCount: 2n,
    });
    expect(round.terms.resolveBy).to.equal(deadline);
  });

  it("names attempt and ordinal of a resolved round and counts settled stakes, with amounts and pools as they were", async () => {
    const { tournament, roundId, deadline, attemptId } = await networkHelpers.loadFixture(resolvedMixedRound);
    const resolved = {
      ...waiting(deadline),
      status: STATUS.Resolved,
      attemptCount: attemptId,
      resolvedAttempt: attemptId,
      ordinal: 1n,
    };
    expect(stateOf(await tournament.getRound(roundId))).to.deep.equal(resolved);
    await tournament.settle(roundId, 1n, 3n);
    expect(stateOf(await tournament.getRound(roundId))).to.deep.equal({ ...resolved, settledCount: 2n });
    await tournament.settle(roundId, 0n, 4n);
    await tournament.sweepRemainder(roundId);
    expect(stateOf(await tournament.getRound(roundId))).to.deep.equal({ ...resolved, settledCount: 4n });
  });

  it("gives a void round no ordinal", async () => {
    const { tournament, roundId, deadline } = await networkHelpers.loadFixture(voidMixedRound);
    expect(stateOf(await tournament.getRound(roundId))).to.deep.equal({ ...waiting(deadline), status: STATUS.Void });
  });
});
