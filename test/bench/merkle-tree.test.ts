import { expect } from "chai";
import { AbiCoder, ZeroAddress, id, keccak256, parseEther } from "ethers";

import { merkleTree } from "../../scripts/bench/merkle-tree.js";
import { MerklePayouts__factory, type MerklePayouts } from "../../typechain-types/index.js";
import { deployed, ethers, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { DAY, fund } from "../fixtures/rounds.js";

const PAID = parseEther("0.1");
const AMOUNT = parseEther("2");

describe("Merkle tree of the benchmark", () => {
  it("is the hash of its leaves in order for two leaves, whatever order they come in", () => {
    const [a, b] = [id("a"), id("b")].sort() as [string, string];
    const root = keccak256(a + b.slice(2));
    expect(merkleTree([a, b]).root).to.equal(root);
    expect(merkleTree([b, a]).root).to.equal(root);
  });

  it("needs no proof for a single leaf", () => {
    const leaf = id("a");
    const tree = merkleTree([leaf]);
    expect(tree.root).to.equal(leaf);
    expect(tree.proof(leaf)).to.deep.equal([]);
    expect(tree.multiProof([leaf])).to.deep.equal({ leaves: [leaf], proof: [], flags: [] });
  });

  it("refuses to prove what it does not hold", () => {
    expect(() => merkleTree([id("a")]).proof(id("b"))).to.throw(RangeError, "expected one of the tree's");
    expect(() => merkleTree([])).to.throw(RangeError, "expected at least one");
  });

  for (const size of [1, 2, 3, 5, 8, 11]) {
    it(`is verified by OpenZeppelin's proofs, one by one and many at once: ${size} leaves`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const stakers = d.others.slice(0, size);
      const contract = await peerRound(d, size);
      const leafOf = (staker: string) =>
        keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint96"], [staker, PAID])));
      const byLeaf = new Map(stakers.map((staker) => [leafOf(staker.address), staker]));
      const tree = merkleTree([...byLeaf.keys()]);
      await contract.publish(1, tree.root, 0);

      const [first] = stakers;
      if (first === undefined) throw new Error("too few accounts");
      const proof = tree.proof(leafOf(first.address));
      await expect(contract.connect(first).claim(1, PAID + 1n, proof)).to.be.revertedWithCustomError(
        contract,
        "InvalidProof",
      );
      await contract.connect(first).claim(1, PAID, proof);
      await expect(contract.connect(first).claim(1, PAID, proof)).to.be.revertedWithCustomError(
        contract,
        "NothingStaked",
      );

      const others = [...byLeaf.keys()].filter((leaf) => byLeaf.get(leaf) !== first);
      if (others.length > 0) {
        const many = tree.multiProof(others);
        const claims = many.leaves.map((leaf) => ({
          staker: byLeaf.get(leaf)?.address ?? ZeroAddress,
          etherPaid: PAID,
        }));
        await contract.claimMany(1, claims, many.proof, many.flags);
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
