import { expect } from "chai";
import { AbiCoder, id, parseEther } from "ethers";

import { payoutTree } from "../../scripts/bench/peer-designs.js";
import { MerklePayouts__factory, type MerklePayouts } from "../../typechain-types/index.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { DAY, fund } from "../fixtures/rounds.js";

const PAID = parseEther("0.1");
const AMOUNT = parseEther("2");

describe("Merkle tree of the benchmark's peers", () => {
  for (const size of [1, 2, 3, 5, 8, 11]) {
    it(`pays by its proofs, one by one and many at once: ${size} leaves`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const stakers = d.others.slice(0, size);
      const contract = await peerRound(d, size);
      const tree = payoutTree(stakers.map(({ address }) => [address, PAID]));
      await contract.publish(1, tree.root, 0);

      const [first] = stakers;
      if (first === undefined) throw new Error("too few accounts");
      const proof = tree.getProof(0);
      await expect(contract.connect(first).claim(1, PAID + 1n, proof)).to.be.revertedWithCustomError(
        contract,
        "InvalidProof",
      );
      await contract.connect(first).claim(1, PAID, proof);
      await expect(contract.connect(first).claim(1, PAID, proof)).to.be.revertedWithCustomError(
        contract,
        "NothingStaked",
      );

      const others = stakers.slice(1).map((_, i) => i + 1);
      if (others.length > 0) {
        const { leaves, proof: shared, proofFlags } = tree.getMultiProof(others);
        const claims = leaves.map(([staker, etherPaid]) => ({ staker, etherPaid }));
        await contract.claimMany(1, claims, shared, proofFlags);
      }
      expect(await ethers.provider.getBalance(contract)).to.equal(0n);
      expect(await d.nmr.balanceOf(contract)).to.equal(0n);
      for (const staker of stakers) expect(await d.nmr.balanceOf(staker)).to.equal(AMOUNT);
    });
  }
});

/** A closed round of the Merkle peer, with a stake of each of the first accounts. */
async function peerRound(d: Deployed, size: number): Promise<MerklePayouts> {
  const contract = await new MerklePayouts__factory(d.deployer).deploy(d.nmr);
  const closesAt = (await networkHelpers.time.latest()) + DAY;
  await contract.openRound(1, closesAt, { value: PAID * BigInt(size) });
  const data = AbiCoder.defaultAbiCoder().encode(["uint256", "uint96", "bytes32"], [1, 1, id("predictions")]);
  for (const staker of d.others.slice(0, size)) {
    await fund(d, staker, AMOUNT);
    await d.nmr.connect(staker)["transferAndCall(address,uint256,bytes)"](contract, AMOUNT, data);
  }
  await networkHelpers.time.increaseTo(closesAt);
  return contract;
}
