import { expect } from "chai";
import { MaxUint256, Signature, TypedDataEncoder, Wallet } from "ethers";

import { at } from "../../fixtures/at.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";

const { time } = networkHelpers;

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

interface Permit {
  owner: string;
  spender: string;
  value: bigint;
  nonce: bigint;
  deadline: bigint;
}

async function domainOf({ nmr }: Deployed, chainId?: bigint) {
  return {
    name: "Numeraire",
    version: "1",
    chainId: chainId ?? (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await nmr.getAddress(),
  };
}

/** A permit of alice for bob, as changed, and her signature of it. */
async function signed(d: Deployed, changes: Partial<Permit> = {}, chainId?: bigint) {
  const { alice, bob } = people(d);
  const permit = {
    owner: alice.address,
    spender: bob.address,
    value: 77n,
    nonce: 0n,
    deadline: MaxUint256,
    ...changes,
  };
  const signature = Signature.from(await alice.signTypedData(await domainOf(d, chainId), TYPES, permit));
  return { permit, signature };
}

function use({ nmr }: Deployed, { owner, spender, value, deadline }: Permit, { v, r, s }: Signature) {
  return nmr.permit(owner, spender, value, deadline, v, r, s);
}

describe("Numeraire.permit", () => {
  it("has the domain that wallets show", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await d.nmr.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain(await domainOf(d)));
  });

  it("sets the allowance that the holder signed, whoever sends it", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice, bob } = people(d);
    const { permit, signature } = await signed(d);
    await expect(use(d, permit, signature))
      .to.emit(d.nmr, "Approval")
      .withArgs(alice.address, bob.address, 77n);
    expect(await d.nmr.allowance(alice, bob)).to.equal(77n);
    expect(await d.nmr.nonces(alice)).to.equal(1n);
  });

  it("works once", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    const { permit, signature } = await signed(d);
    await use(d, permit, signature);
    await expect(use(d, permit, signature))
      .to.be.revertedWithCustomError(d.nmr, "ERC2612InvalidSigner")
      .withArgs((signer: string) => signer !== alice.address, alice.address);
  });

  it("works in the second of its deadline, and not in the next", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const deadline = BigInt((await time.latest()) + 100);
    const { permit, signature } = await signed(d, { deadline });
    await at(deadline + 1n);
    await expect(use(d, permit, signature))
      .to.be.revertedWithCustomError(d.nmr, "ERC2612ExpiredSignature")
      .withArgs(deadline);
    await networkHelpers.loadFixture(deployed);
    await at(deadline);
    await use(d, permit, signature);
    expect(await d.nmr.nonces(permit.owner)).to.equal(1n);
  });

  describe("given a signature of something else", () => {
    it("refuses another value", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { permit, signature } = await signed(d);
      await expect(use(d, { ...permit, value: 78n }, signature)).to.be.revertedWithCustomError(
        d.nmr,
        "ERC2612InvalidSigner",
      );
    });

    it("refuses another spender", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { permit, signature } = await signed(d);
      await expect(use(d, { ...permit, spender: people(d).carol.address }, signature)).to.be.revertedWithCustomError(
        d.nmr,
        "ERC2612InvalidSigner",
      );
    });

    it("refuses another chain", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { permit, signature } = await signed(d, {}, 1n);
      await expect(use(d, permit, signature)).to.be.revertedWithCustomError(d.nmr, "ERC2612InvalidSigner");
    });

    it("refuses a nonce that is not next", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { permit, signature } = await signed(d, { nonce: 1n });
      await expect(use(d, permit, signature)).to.be.revertedWithCustomError(d.nmr, "ERC2612InvalidSigner");
    });
  });

  it("refuses the signature of another account", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { permit } = await signed(d);
    const thief = Wallet.createRandom();
    const signature = Signature.from(await thief.signTypedData(await domainOf(d), TYPES, permit));
    await expect(use(d, permit, signature))
      .to.be.revertedWithCustomError(d.nmr, "ERC2612InvalidSigner")
      .withArgs(thief.address, permit.owner);
  });
});
