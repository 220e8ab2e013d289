import { expect } from "chai";
import { MaxUint256, Signature } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { voters } from "../../fixtures/voters.js";

const fields = (text: string) =>
  text.split(", ").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });

describe("NumeraireVotes by signature", () => {
  const domainOf = async (verifyingContract: string) => ({
    name: "Voting Numeraire",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract,
  });

  it("takes a permit once, and a delegation with the nonce after it", async () => {
    const { alice, bob, carol, votes } = await networkHelpers.loadFixture(voters);
    const domain = await domainOf(await addressOf(votes));
    expect(await votes.nonces(alice)).to.equal(0n);
    const permit = { owner: alice.address, spender: bob.address, value: 5n, nonce: 0n, deadline: MaxUint256 };
    const types = { Permit: fields("address owner, address spender, uint256 value, uint256 nonce, uint256 deadline") };
    const { v, r, s } = Signature.from(await alice.signTypedData(domain, types, permit));
    await votes.connect(carol).permit(alice, bob, 5n, MaxUint256, v, r, s);
    expect(await votes.allowance(alice, bob)).to.equal(5n);
    expect(await votes.nonces(alice)).to.equal(1n);
    await expect(votes.permit(alice, bob, 5n, MaxUint256, v, r, s)).to.be.revertedWithCustomError(
      votes,
      "ERC2612InvalidSigner",
    );

    const delegation = { delegatee: bob.address, nonce: 1n, expiry: MaxUint256 };
    const signed = Signature.from(
      await alice.signTypedData(
        domain,
        { Delegation: fields("address delegatee, uint256 nonce, uint256 expiry") },
        delegation,
      ),
    );
    await votes.connect(carol).delegateBySig(bob, 1n, MaxUint256, signed.v, signed.r, signed.s);
    expect(await votes.delegates(alice)).to.equal(bob.address);
  });
});
