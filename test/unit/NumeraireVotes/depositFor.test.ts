import { expect } from "chai";

import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { voters } from "../../fixtures/voters.js";

describe("NumeraireVotes.depositFor", () => {
  it("locks the caller's NMR and gives an account as much", async () => {
    const { bob, carol, nmr, votes } = await networkHelpers.loadFixture(voters);
    await nmr.connect(carol).approve(votes, 7n);
    const depositing = votes.connect(carol).depositFor(bob, 7n);
    await expect(depositing).to.changeTokenBalances(ethers, nmr, [carol, votes], [-7n, 7n]);
    await expect(depositing).to.changeTokenBalance(ethers, votes, bob, 7n);
  });

  it("gives votes to whom the account has delegated, and none before it has", async () => {
    const { alice, bob, carol, nmr, votes } = await networkHelpers.loadFixture(voters);
    await nmr.connect(carol).approve(votes, 14n);
    const before = await votes.getVotes(bob);
    await votes.connect(carol).depositFor(bob, 7n);
    expect(await votes.getVotes(bob)).to.equal(before + 7n);
    await votes.connect(carol).depositFor(carol, 7n);
    expect(await votes.getVotes(carol)).to.equal(0n);
    const aliceBefore = await votes.getVotes(alice);
    await votes.connect(carol).delegate(alice);
    expect(await votes.getVotes(alice)).to.equal(aliceBefore + 7n);
  });

  it("leaves the votes of the past as they were", async () => {
    const { bob, carol, nmr, votes } = await networkHelpers.loadFixture(voters);
    await nmr.connect(carol).approve(votes, 7n);
    const past = await votes.clock();
    const before = await votes.getVotes(bob);
    await networkHelpers.time.increase(10);
    await votes.connect(carol).depositFor(bob, 7n);
    await networkHelpers.time.increase(10);
    expect(await votes.getPastVotes(bob, past)).to.equal(before);
  });

  it("refuses itself as the account, and what is not allowed to it", async () => {
    const { carol, nmr, votes } = await networkHelpers.loadFixture(voters);
    await nmr.connect(carol).approve(votes, 6n);
    const self = await addressOf(votes);
    await expect(votes.connect(carol).depositFor(votes, 6n))
      .to.be.revertedWithCustomError(votes, "ERC20InvalidReceiver")
      .withArgs(self);
    await expect(votes.connect(carol).depositFor(carol, 7n))
      .to.be.revertedWithCustomError(nmr, "ERC20InsufficientAllowance")
      .withArgs(self, 6n, 7n);
  });
});
