import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { MAX_LOGLOSS } from "../../../sdk/index.js";
import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { DAY, HOUR, openRound, terms, type Terms } from "../../fixtures/rounds.js";

const { time } = networkHelpers;

/** Terms whose times count from a second that is still to come, which the opening transaction will have. */
async function upcoming(): Promise<{ now: number; timed: (closesIn: number, resolveIn: number) => Partial<Terms> }> {
  const now = (await time.latest()) + HOUR;
  return {
    now,
    timed: (closesIn, resolveIn) => ({
      closesAt: BigInt(now + closesIn),
      resolveBy: BigInt(now + closesIn + resolveIn),
    }),
  };
}

describe("StakingTournament.openRound", () => {
  describe("given the round manager, valid terms and ether", () => {
    it("announces the round with its terms and the sponsor's contribution", async () => {
      const { tournament, roundManager, others } = await networkHelpers.loadFixture(deployed);
      const [sponsor = roundManager] = others;
      const fixed = await terms();
      const opening = tournament.connect(roundManager).openRound(fixed, sponsor, { value: 5n });
      await expect(opening)
        .to.emit(tournament, "RoundOpened")
        .withArgs(1n, [
          fixed.closesAt,
          fixed.resolveBy,
          fixed.challengePeriod,
          fixed.benchmark,
          fixed.minConsistency,
          fixed.minStake,
          fixed.minConfidence,
        ]);
      await expect(opening).to.emit(tournament, "PrizeFunded").withArgs(1n, sponsor.address, 5n);
    });

    it("moves the ether into the contract and the prize pool, for the named sponsor alone", async () => {
      const { tournament, roundManager, others } = await networkHelpers.loadFixture(deployed);
      const [sponsor = roundManager] = others;
      const value = parseEther("3");
      await expect(
        tournament.connect(roundManager).openRound(await terms(), sponsor, { value }),
      ).to.changeEtherBalances(ethers, [roundManager, tournament], [-value, value]);
      expect((await tournament.getRound(1n)).prizePool).to.equal(value);
      expect(await tournament.prizeContribution(1n, sponsor)).to.equal(value);
      expect(await tournament.prizeContribution(1n, roundManager)).to.equal(0n);
    });

    it("keeps every term", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const fixed = await terms({
        minConsistency: 58n,
        minStake: 7n,
        minConfidence: 2n ** 96n - 1n,
        benchmark: 690_000n,
      });
      await d.tournament.connect(d.roundManager).openRound(fixed, d.roundManager);
      const kept = (await d.tournament.getRound(1n)).terms;
      for (const [name, value] of Object.entries(fixed)) expect(kept[name as keyof Terms], name).to.equal(value);
    });

    it("numbers rounds from 1, overlapping ones too", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      expect(await openRound(d)).to.equal(1n);
      expect(await openRound(d)).to.equal(2n);
      expect(await d.tournament.roundCount()).to.equal(2n);
      expect(await d.tournament.roundStatus(1n)).to.equal(await d.tournament.roundStatus(2n));
    });
  });

  describe("given no ether", () => {
    it("opens an empty prize pool and records no contribution", async () => {
      const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
      await expect(tournament.connect(roundManager).openRound(await terms(), roundManager)).not.to.emit(
        tournament,
        "PrizeFunded",
      );
      expect((await tournament.getRound(1n)).prizePool).to.equal(0n);
    });
  });

  describe("given a manager that opens through the AccessManager", () => {
    it("records the prize for the sponsor, who gets it back when the round is void", async () => {
      const { tournament, authority, roundManager, guardian, others } = await networkHelpers.loadFixture(deployed);
      const [sponsor = roundManager] = others;
      const call = tournament.interface.encodeFunctionData("openRound", [await terms(), sponsor.address]);
      await authority.connect(roundManager).execute(tournament, call, { value: 9n });
      expect(await tournament.prizeContribution(1n, sponsor)).to.equal(9n);
      expect(await tournament.prizeContribution(1n, authority)).to.equal(0n);

      await tournament.connect(guardian).cancelRound(1n);
      await expect(tournament.connect(sponsor).reclaimPrize(1n)).to.changeEtherBalance(ethers, sponsor, 9n);
    });
  });

  describe("given a caller without the round manager's role", () => {
    for (const role of ["deployer", "guardian", "minter", "treasury"] as const) {
      it(`refuses the ${role}`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        await expect(d.tournament.connect(d[role]).openRound(await terms(), d.roundManager))
          .to.be.revertedWithCustomError(d.tournament, "AccessManagedUnauthorized")
          .withArgs(d[role].address);
      });
    }
  });

  describe("given no sponsor", () => {
    it("refuses, with ether or without", async () => {
      const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
      for (const value of [0n, 1n]) {
        await expect(
          tournament.connect(roundManager).openRound(await terms(), ZeroAddress, { value }),
        ).to.be.revertedWithCustomError(tournament, "ZeroAddress");
      }
    });
  });

  describe("given the tournament as sponsor, which could never reclaim", () => {
    it("refuses", async () => {
      const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
      await expect(tournament.connect(roundManager).openRound(await terms(), tournament, { value: 1n }))
        .to.be.revertedWithCustomError(tournament, "InvalidSponsor")
        .withArgs(tournament);
    });
  });

  describe("given as many rounds as there can be", () => {
    it("opens the last one and refuses the next", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const maximum = await d.tournament.MAX_ROUNDS();
      expect(maximum).to.equal(2n ** 24n - 1n);
      const address = await d.tournament.getAddress();
      // The counter is found by what it reads as, not by its place.
      await openRound(d, 0n);
      let slot = 0;
      while (BigInt(await networkHelpers.getStorageAt(address, slot)) !== 1n) ++slot;
      await networkHelpers.setStorageAt(address, slot, maximum - 1n);
      expect(await d.tournament.roundCount()).to.equal(maximum - 1n);

      expect(await openRound(d)).to.equal(maximum);
      await expect(openRound(d)).to.be.revertedWithCustomError(d.tournament, "TooManyRounds").withArgs(maximum);
    });
  });

  describe("given times on both sides of their bounds", () => {
    const WEEK = 7 * DAY;

    for (const [side, closesIn, valid] of [
      ["the past", -1, false],
      ["the second of the transaction", 0, false],
      ["one second later", 1, true],
      ["90 days later", 90 * DAY, true],
      ["90 days and a second later", 90 * DAY + 1, false],
    ] as const) {
      it(`${valid ? "takes" : "refuses"} a close in ${side}`, async () => {
        const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
        const { now, timed } = await upcoming();
        const fixed = await terms(timed(closesIn, WEEK));
        await at(now);
        const opening = tournament.connect(roundManager).openRound(fixed, roundManager);
        if (valid) await expect(opening).to.emit(tournament, "RoundOpened");
        else {
          await expect(opening)
            .to.be.revertedWithCustomError(tournament, "InvalidClosesAt")
            .withArgs(now + 1, now + 90 * DAY, now + closesIn);
        }
      });
    }

    for (const [period, valid] of [
      [0, false],
      [HOUR - 1, false],
      [HOUR, true],
      [14 * DAY, true],
      [14 * DAY + 1, false],
      // 24 bits of it would be an hour
      [2 ** 24 + HOUR, false],
    ] as const) {
      it(`${valid ? "takes" : "refuses"} a challenge period of ${period} seconds`, async () => {
        const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
        const { timed } = await upcoming();
        const fixed = await terms({ ...timed(WEEK, 90 * DAY), challengePeriod: BigInt(period) });
        const opening = tournament.connect(roundManager).openRound(fixed, roundManager);
        if (valid) await expect(opening).to.emit(tournament, "RoundOpened");
        else {
          await expect(opening)
            .to.be.revertedWithCustomError(tournament, "InvalidChallengePeriod")
            .withArgs(HOUR, 14 * DAY, period);
        }
      });
    }

    const period = 3 * DAY;
    for (const [side, resolveIn, valid] of [
      ["before the close", -1, false],
      ["a second less than the challenge period and a day after the close", period + DAY - 1, false],
      ["the challenge period and a day after the close", period + DAY, true],
      ["90 days after the close", 90 * DAY, true],
      ["90 days and a second after the close", 90 * DAY + 1, false],
    ] as const) {
      it(`${valid ? "takes" : "refuses"} a time to resolve ${side}`, async () => {
        const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
        const { now, timed } = await upcoming();
        const fixed = await terms({ ...timed(WEEK, resolveIn), challengePeriod: BigInt(period) });
        const opening = tournament.connect(roundManager).openRound(fixed, roundManager);
        if (valid) await expect(opening).to.emit(tournament, "RoundOpened");
        else {
          const closesAt = now + WEEK;
          await expect(opening)
            .to.be.revertedWithCustomError(tournament, "InvalidResolveBy")
            .withArgs(closesAt + period + DAY, closesAt + 90 * DAY, closesAt + resolveIn);
        }
      });
    }
  });

  describe("given a benchmark, a consistency or a least stake on both sides of its bounds", () => {
    for (const [change, error, args] of [
      [{ benchmark: 0n }, "InvalidBenchmark", [MAX_LOGLOSS, 0]],
      [{ benchmark: 1n }, undefined, []],
      [{ benchmark: BigInt(MAX_LOGLOSS) }, undefined, []],
      [{ benchmark: BigInt(MAX_LOGLOSS) + 1n }, "InvalidBenchmark", [MAX_LOGLOSS, MAX_LOGLOSS + 1]],
      // 24 bits of it would be 1
      [{ benchmark: 2n ** 24n + 1n }, "InvalidBenchmark", [MAX_LOGLOSS, 2 ** 24 + 1]],
      [{ minConsistency: 0n }, undefined, []],
      [{ minConsistency: 100n }, undefined, []],
      [{ minConsistency: 101n }, "InvalidMinConsistency", [101]],
      [{ minStake: 0n }, "InvalidMinStake", []],
      [{ minStake: 1n }, undefined, []],
      [{ minStake: 2n ** 88n - 1n }, undefined, []],
      [{ minConfidence: 0n }, undefined, []],
    ] as const satisfies readonly [Partial<Terms>, string | undefined, readonly number[]][]) {
      const [[name, value] = ["", 0n]] = Object.entries(change);
      it(`${error === undefined ? "takes" : "refuses"} ${name} ${value.toString()}`, async () => {
        const { tournament, roundManager } = await networkHelpers.loadFixture(deployed);
        const opening = tournament.connect(roundManager).openRound(await terms(change), roundManager);
        if (error === undefined) await expect(opening).to.emit(tournament, "RoundOpened");
        else
          await expect(opening)
            .to.be.revertedWithCustomError(tournament, error)
            .withArgs(...args);
      });
    }
  });
});
