import { expect } from "chai";

import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { ALICE, voters } from "../../fixtures/voters.js";

describe("NumeraireVotes.withdrawTo", () => {
  it("pays the NMR out at once, and takes the votes away", async () => {
    const { alice, carol, nmr, votes } = await networkHelpers.loadFixture(voters);
    const withdrawing = votes.connect(alice).withdrawTo(carol, 7n);
    await expect(withdrawing).to.changeTokenBalances(ethers, nmr, [votes, carol], [-7n, 7n]);
    await expect(withdrawing).to.changeTokenBalance(ethers, votes, alice, -7n);
    expect(await votes.getVotes(alice)).to.equal(ALICE - 7n);
  });

  it("refuses more than the caller has, and itself as the account", async () => {
    const { alice, votes } = await networkHelpers.loadFixture(voters);
    await expect(votes.connect(alice).withdrawTo(alice, ALICE + 1n))
      .to.be.revertedWithCustomError(votes, "ERC20InsufficientBalance")
      .withArgs(alice.address, ALICE, ALICE + 1n);
    await expect(votes.connect(alice).withdrawTo(votes, 1n))
      .to.be.revertedWithCustomError(votes, "ERC20InvalidReceiver")
      .withArgs(await addressOf(votes));
  });
});
