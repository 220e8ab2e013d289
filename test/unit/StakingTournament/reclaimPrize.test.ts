import { expect } from "chai";
import { parseEther } from "ethers";

import { Wallet__factory } from "../../../typechain-types/index.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { itNeedsStatus } from "../../fixtures/every-status.js";
import { openMixedRound, voidMixedRound } from "../../fixtures/mixed-round.js";

/** What the test wallet does with ether: it refuses it. */
const REFUSE = 1n;

describe("StakingTournament.reclaimPrize", () => {
  describe("given a void round", () => {
    it("gives each sponsor exactly what it put in, stakes settled or not", async () => {
      const { tournament, roundId, opener, sponsor } = await networkHelpers.loadFixture(voidMixedRound);
      for (const [account, amount] of [
        [sponsor, parseEther("4")],
        [opener, parseEther("6")],
      ] as const) {
        const reclaiming = tournament.connect(account).reclaimPrize(roundId);
        await expect(reclaiming).to.changeEtherBalances(ethers, [account, tournament], [amount, -amount]);
        await expect(reclaiming).to.emit(tournament, "PrizeReclaimed").withArgs(roundId, account.address, amount);
        expect(await tournament.prizeContribution(roundId, account)).to.equal(0n);
      }
      expect(await ethers.provider.getBalance(tournament)).to.equal(0n);
    });

    it("pays no sponsor twice", async () => {
      const { tournament, roundId, sponsor } = await networkHelpers.loadFixture(voidMixedRound);
      await tournament.connect(sponsor).reclaimPrize(roundId);
      await expect(tournament.connect(sponsor).reclaimPrize(roundId))
        .to.be.revertedWithCustomError(tournament, "NothingToReclaim")
        .withArgs(roundId, sponsor.address);
    });

    it("refuses who gave no ether, a sponsor of the bonus too", async () => {
      const { tournament, roundId, stranger, patron } = await networkHelpers.loadFixture(voidMixedRound);
      for (const account of [stranger, patron]) {
        await expect(tournament.connect(account).reclaimPrize(roundId))
          .to.be.revertedWithCustomError(tournament, "NothingToReclaim")
          .withArgs(roundId, account.address);
      }
    });
  });

  describe("given a sponsor that refuses ether", () => {
    it("keeps the ether for it to withdraw elsewhere", async () => {
      const { tournament, deployer, guardian, roundId, sponsor, stranger } =
        await networkHelpers.loadFixture(openMixedRound);
      const wallet = await new Wallet__factory(deployer).deploy();
      await wallet.react(REFUSE, 0n);
      const encode = tournament.interface.encodeFunctionData.bind(tournament.interface);
      const fund = encode("fundPrize", [roundId]);
      await wallet.execute(tournament, fund, { value: 5n });
      await tournament.connect(guardian).cancelRound(roundId);

      const reclaiming = wallet.execute(tournament, encode("reclaimPrize", [roundId]));
      await expect(reclaiming).to.changeEtherBalance(ethers, tournament, 0n);
      await expect(reclaiming)
        .to.emit(tournament, "PaymentOwed")
        .withArgs(await wallet.getAddress(), 5n);
      expect(await tournament.owed(wallet)).to.equal(5n);
      expect(await tournament.prizeContribution(roundId, wallet)).to.equal(0n);
      await expect(tournament.connect(sponsor).reclaimPrize(roundId)).to.changeEtherBalance(
        ethers,
        sponsor,
        parseEther("4"),
      );
      await expect(wallet.execute(tournament, encode("withdrawOwed", [stranger.address]))).to.changeEtherBalance(
        ethers,
        stranger,
        5n,
      );
    });
  });

  itNeedsStatus("Void", ({ tournament, roundManager }, roundId) =>
    tournament.connect(roundManager).reclaimPrize(roundId),
  );
});
