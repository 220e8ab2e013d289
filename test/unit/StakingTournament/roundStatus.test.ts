import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { STATUS } from "../../fixtures/every-status.js";
import { closedMixedRound, openMixedRound, resolvedMixedRound } from "../../fixtures/mixed-round.js";

const { time } = networkHelpers;

describe("StakingTournament.roundStatus", () => {
  it("is None for a round that was never opened, 0 among them", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(openMixedRound);
    expect(await tournament.roundStatus(roundId + 1n)).to.equal(STATUS.None);
    expect(await tournament.roundStatus(0n)).to.equal(STATUS.None);
  });

  it("is Open until the last second before the close, and Closed from the close on", async () => {
    const { tournament, roundId, closesAt } = await networkHelpers.loadFixture(openMixedRound);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Open);
    await time.increaseTo(closesAt - 1);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Open);
    await time.increaseTo(closesAt);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Closed);
  });

  it("stays Closed after the deadline until somebody voids the round", async () => {
    const { tournament, roundId, deadline } = await networkHelpers.loadFixture(closedMixedRound);
    await time.increaseTo(deadline + 1);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Closed);
    await tournament.voidRound(roundId);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
  });

  it("is Void in the second of a cancellation", async () => {
    const { tournament, guardian, roundId, closesAt } = await networkHelpers.loadFixture(openMixedRound);
    await at(closesAt - 1);
    await tournament.connect(guardian).cancelRound(roundId);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Void);
  });

  it("stays Resolved through settling and sweeping", async () => {
    const { tournament, roundId } = await networkHelpers.loadFixture(resolvedMixedRound);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
    await tournament.settle(roundId, 0n, 4n);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
    await tournament.sweepRemainder(roundId);
    expect(await tournament.roundStatus(roundId)).to.equal(STATUS.Resolved);
  });
});
