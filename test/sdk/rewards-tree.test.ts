import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { dataSlice, getAddress, id } from "ethers";
import fc from "fast-check";

import { rewardsLeaf, rewardsTree, type Earned } from "../../sdk/rewards-tree.js";

const TYPES = ["address", "uint256"];

function standardTree(earned: Earned): StandardMerkleTree<[string, bigint]> {
  return StandardMerkleTree.of([...earned], TYPES);
}

/** What as many accounts have earned. */
function earnedBy(count: number): Map<string, bigint> {
  return new Map(
    Array.from({ length: count }, (_, i) => [getAddress(dataSlice(id(`account ${i}`), 12)), 10n ** 18n * BigInt(i)]),
  );
}

describe("rewardsTree", () => {
  it("has the root, the leaves and the proofs of OpenZeppelin's standard tree, whatever is in it", () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(amounts, fc.nat(1_000), (cumulatives, seed) => {
        const earned = new Map(
          cumulatives.map((cumulative, i) => [getAddress(dataSlice(id(`${seed} ${i}`), 12)), cumulative]),
        );
        const [tree, standard] = [rewardsTree(earned), standardTree(earned)];
        expect(tree.root).to.equal(standard.root);
        for (const [i, leaf] of standard.entries()) {
          expect(rewardsLeaf(...leaf)).to.equal(standard.leafHash(leaf));
          expect(tree.proofOf(leaf[0])).to.deep.equal(standard.getProof(i));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("proves many accounts at once, each named once", () => {
    const earned = earnedBy(21);
    const tree = rewardsTree(earned);
    const wanted = [...earned.keys()].filter((_, i) => i % 3 === 0);
    const { accounts, cumulatives, proof, proofFlags } = tree.batchOf([...wanted, ...wanted.slice(0, 2)]);
    expect(accounts).to.have.members(wanted);
    const leaves = accounts.map((account, i): [string, bigint] => [account, cumulatives[i] ?? 0n]);
    expect(StandardMerkleTree.verifyMultiProof(tree.root, TYPES, { leaves, proof, proofFlags })).to.equal(true);
  });

  it("refuses an account that is not in it, and no account at all", () => {
    const tree = rewardsTree(earnedBy(2));
    const stranger = getAddress(dataSlice(id("stranger"), 12));
    expect(() => tree.proofOf(stranger)).to.throw(`found no leaf of ${stranger}`);
    expect(() => tree.batchOf([stranger])).to.throw(`found no leaf of ${stranger}`);
    expect(() => rewardsTree(new Map())).to.throw("found no account, expected at least one");
  });
});
