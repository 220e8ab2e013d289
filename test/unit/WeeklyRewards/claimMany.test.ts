import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { deployed, ethers, networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import {
  ADDED,
  EARNED,
  activate,
  liveWeek,
  proofOf,
  ripe,
  treeOf,
  type Earned,
  type Tree,
} from "../../fixtures/rewards.js";

interface Batch {
  accounts: string[];
  cumulatives: bigint[];
  proof: string[];
  proofFlags: boolean[];
}

/** A multiproof for accounts' leaves, in the order that it needs. */
function batchOf(tree: Tree, ...accounts: HardhatEthersSigner[]): Batch {
  const wanted = accounts.map(({ address }): Earned => {
    for (const [, leaf] of tree.entries()) if (leaf[0] === address) return leaf;
    throw new Error(`the tree has no leaf of ${address}`);
  });
  const { leaves, proof, proofFlags } = tree.getMultiProof(wanted);
  return { accounts: leaves.map(([account]) => account), cumulatives: leaves.map(([, sum]) => sum), proof, proofFlags };
}

function claimMany({ rewards }: Deployed, { accounts, cumulatives, proof, proofFlags }: Batch) {
  return rewards.claimMany(accounts, cumulatives, proof, proofFlags);
}

describe("WeeklyRewards.claimMany", () => {
  describe("given leaves of the newest week", () => {
    it("pays every account, whoever calls", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, nmr, tree, alice, bob, carol, dave } = d;
      const claiming = claimMany({ ...d, rewards: rewards.connect(dave) }, batchOf(tree, alice, bob, carol));
      for (const [account, amount] of [
        [alice, EARNED.alice],
        [bob, EARNED.bob],
        [carol, EARNED.carol],
      ] as const) {
        await expect(claiming).to.emit(rewards, "RewardClaimed").withArgs(account.address, amount, amount);
        expect(await rewards.claimed(account)).to.equal(amount);
      }
      await expect(claiming).to.changeTokenBalances(
        ethers,
        nmr,
        [alice, bob, carol, dave, rewards],
        [EARNED.alice, EARNED.bob, EARNED.carol, 0n, -ADDED],
      );
      expect(await rewards.totalClaimed()).to.equal(ADDED);
    });

    it("pays some, with hashes for the others", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, nmr, tree, alice, bob, carol } = d;
      for (const pair of [
        [alice, bob],
        [bob, carol],
        [alice, carol],
      ] as const) {
        await networkHelpers.loadFixture(liveWeek);
        await claimMany(d, batchOf(tree, ...pair));
        for (const account of [alice, bob, carol]) {
          const paid = pair.some(({ address }) => address === account.address);
          expect(await nmr.balanceOf(account)).to.equal(paid ? proofOf(tree, account).cumulative : 0n);
        }
        expect(await rewards.totalClaimed()).to.equal(
          pair.reduce((sum, account) => sum + proofOf(tree, account).cumulative, 0n),
        );
      }
    });

    it("pays one alone, and the one of a tree of one", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      await claimMany(d, batchOf(d.tree, d.bob));
      expect(await d.nmr.balanceOf(d.bob)).to.equal(EARNED.bob);
      await activate(d, treeOf([d.dave, 5n]), 5n);
      await d.rewards.claimMany([d.dave], [5n], [], []);
      expect(await d.nmr.balanceOf(d.dave)).to.equal(5n);
    });
  });

  describe("given that some have claimed already", () => {
    it("skips them and pays the others: nobody spoils a batch by claiming first", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, nmr, tree, alice, bob, carol } = d;
      const first = proofOf(tree, bob);
      await rewards.claim(bob, first.cumulative, first.proof);
      const claiming = claimMany(d, batchOf(tree, alice, bob, carol));
      await expect(claiming).to.changeTokenBalances(ethers, nmr, [alice, bob, carol], [EARNED.alice, 0n, EARNED.carol]);
      const claims = await rewards.queryFilter(rewards.filters.RewardClaimed(bob));
      const payments = await nmr.queryFilter(nmr.filters.Transfer(rewards, bob));
      expect([claims.length, payments.length]).to.deep.equal([1, 1]);
      expect(await rewards.totalClaimed()).to.equal(ADDED);
    });

    it("pays the difference to those who claimed an earlier week", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { nmr, tree, alice, bob, carol } = d;
      await claimMany(d, batchOf(tree, alice, bob));
      const next = treeOf([alice, EARNED.alice + 4n], [bob, EARNED.bob], [carol, EARNED.carol + 2n]);
      await activate(d, next, 6n);
      await expect(claimMany(d, batchOf(next, alice, bob, carol))).to.changeTokenBalances(
        ethers,
        nmr,
        [alice, bob, carol],
        [4n, 0n, EARNED.carol + 2n],
      );
    });

    it("refuses a batch in which nobody has anything to claim", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice, bob } = d;
      const batch = batchOf(tree, alice, bob);
      await claimMany(d, batch);
      await expect(claimMany(d, batch))
        .to.be.revertedWithCustomError(rewards, "NothingToClaim")
        .withArgs(batch.accounts[0], batch.cumulatives[0], batch.cumulatives[0]);
    });
  });

  describe("given an account with two leaves", () => {
    it("pays it the larger in all, not the sum", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const tree = treeOf([alice, 5n], [alice, 8n]);
      await activate(d, tree, 13n);
      const leaves = [...tree.entries()].map(([, [, cumulative]]) => cumulative);
      await d.rewards.claimMany([alice, alice], leaves, [], [true]);
      expect(await d.nmr.balanceOf(alice)).to.equal(8n);
      expect(await d.rewards.claimed(alice)).to.equal(8n);
      expect(await d.rewards.totalClaimed()).to.equal(8n);
    });

    it("refuses one leaf given twice", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice } = d;
      const { cumulative, proof } = proofOf(tree, alice);
      const twice = { accounts: [alice.address, alice.address], cumulatives: [cumulative, cumulative] };
      await expect(
        claimMany(d, { ...twice, proof, proofFlags: [true, ...proof.map(() => false)] }),
      ).to.be.revertedWithCustomError(rewards, "InvalidProof");
    });
  });

  describe("given a batch that is no batch", () => {
    it("refuses an empty one, which a multiproof of the root alone would prove", async () => {
      const { rewards, tree } = await networkHelpers.loadFixture(liveWeek);
      await expect(rewards.claimMany([], [], [tree.root], []))
        .to.be.revertedWithCustomError(rewards, "InvalidBatch")
        .withArgs(0n, 0n);
    });

    it("refuses more or fewer amounts than accounts", async () => {
      const { rewards, tree, alice, bob } = await networkHelpers.loadFixture(liveWeek);
      const { accounts, cumulatives, proof, proofFlags } = batchOf(tree, alice, bob);
      for (const amounts of [cumulatives.slice(1), [...cumulatives, 1n]]) {
        await expect(rewards.claimMany(accounts, amounts, proof, proofFlags))
          .to.be.revertedWithCustomError(rewards, "InvalidBatch")
          .withArgs(2n, BigInt(amounts.length));
      }
    });
  });

  describe("given a multiproof of another shape", () => {
    it("refuses too many and too few joins and siblings, and never panics", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice, bob } = d;
      const batch = batchOf(tree, alice, bob);
      for (const [proof, proofFlags] of [
        [[], []],
        [[], [true, true]],
        [batch.proof, []],
        [batch.proof, [true, true]],
        [batch.proof, [false, false]],
        [batch.proof, [true, false, false]],
        [[...batch.proof, ZeroHash], batch.proofFlags],
        [[...batch.proof, ZeroHash], [true]],
        [[], [true, false]],
        [[], [true, true, false]],
      ] as [string[], boolean[]][]) {
        const joins = proofFlags.filter((flag) => flag).length;
        await expect(claimMany(d, { ...batch, proof, proofFlags }))
          .to.be.revertedWithCustomError(rewards, "InvalidMultiproof")
          .withArgs(2n, BigInt(proof.length), BigInt(joins), BigInt(proofFlags.length - joins));
      }
    });

    it("refuses a join of a hash that is not computed yet, which would leave a forged leaf out", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      // A tree with an empty node: keccak256 of zero and a sibling is the root, as a broken builder would make it.
      const sibling = ethers.id("sibling");
      const root = ethers.keccak256(ethers.concat([ZeroHash, sibling]));
      await d.rewards.activateWeek(await ripe(d, { root, added: 100n }));
      await expect(d.rewards.claimMany([alice], [100n], [sibling], [true, false]))
        .to.be.revertedWithCustomError(d.rewards, "InvalidMultiproof")
        .withArgs(1n, 1n, 1n, 1n);
    });
  });

  describe("given leaves that are not of the tree, or in another order", () => {
    it("refuses them all, the good ones included", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice, bob, carol, dave } = d;
      const batch = batchOf(tree, alice, bob, carol);
      const raised = batch.cumulatives.map((amount, i) => (i === 2 ? amount + 1n : amount));
      const accounts = [...batch.accounts.slice(0, 2), dave.address];
      for (const wrong of [
        { ...batch, cumulatives: raised },
        { ...batch, accounts },
        { ...batch, accounts: [...batch.accounts].reverse(), cumulatives: [...batch.cumulatives].reverse() },
        { ...batch, cumulatives: [...batch.cumulatives].reverse() },
      ]) {
        await expect(claimMany(d, wrong)).to.be.revertedWithCustomError(rewards, "InvalidProof");
      }
      expect(await rewards.totalClaimed()).to.equal(0n);
    });

    it("refuses everything before the first week", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await expect(d.rewards.claimMany([alice], [1n], [], []))
        .to.be.revertedWithCustomError(d.rewards, "InvalidProof")
        .withArgs(ZeroHash, treeOf([alice, 1n]).root);
    });
  });

  describe("given a tree that promises more than was minted for it", () => {
    it("refuses the batch at the first wei too much, whatever NMR others sent", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob } = people(d);
      const tree = treeOf([alice, 60n], [bob, 41n]);
      await activate(d, tree, 100n);
      await d.nmr.connect(d.minter).mint(d.rewards, 1_000n);
      const batch = batchOf(tree, alice, bob);
      const last = batch.cumulatives[1] ?? 0n;
      await expect(claimMany(d, batch))
        .to.be.revertedWithCustomError(d.rewards, "ClaimAboveAllocation")
        .withArgs(last - 1n, last);
    });

    it("counts what was claimed before", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob, carol } = people(d);
      const tree = treeOf([alice, 60n], [bob, 20n], [carol, 21n]);
      await activate(d, tree, 100n);
      await d.nmr.connect(d.minter).mint(d.rewards, 1_000n);
      const first = proofOf(tree, alice);
      await d.rewards.claim(alice, first.cumulative, first.proof);
      const batch = batchOf(tree, bob, carol);
      const last = batch.cumulatives[1] ?? 0n;
      await expect(claimMany(d, batch))
        .to.be.revertedWithCustomError(d.rewards, "ClaimAboveAllocation")
        .withArgs(last - 1n, last);
    });

    it("pays the whole allocation to the wei", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob } = people(d);
      const tree = treeOf([alice, 60n], [bob, 40n]);
      await activate(d, tree, 100n);
      await claimMany(d, batchOf(tree, alice, bob));
      expect(await d.rewards.totalClaimed()).to.equal(100n);
    });

    it("refuses amounts that would wrap around when added up", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob } = people(d);
      const tree = treeOf([alice, MaxUint256], [bob, 2n]);
      await activate(d, tree, 100n);
      await expect(claimMany(d, batchOf(tree, alice, bob))).to.be.revertedWithCustomError(
        d.rewards,
        "ClaimAboveAllocation",
      );
    });
  });

  it("refuses a batch with the zero address, which cannot be paid", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const { alice } = people(d);
    const tree = treeOf([alice, 1n], [ZeroAddress, 1n]);
    await activate(d, tree, 2n);
    const accounts = [...tree.entries()].map(([, [account]]) => account);
    await expect(d.rewards.claimMany(accounts, [1n, 1n], [], [true]))
      .to.be.revertedWithCustomError(d.nmr, "ERC20InvalidReceiver")
      .withArgs(ZeroAddress);
  });
});
