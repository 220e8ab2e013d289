import { expect } from "chai";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { MaxUint256, ZeroAddress, ZeroHash, concat, keccak256, parseEther } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import { deployed, ethers, networkHelpers } from "../../fixtures/deployed.js";
import { people } from "../../fixtures/people.js";
import { ADDED, BUDGET, EARNED, activate, liveWeek, proofOf, ripe, treeOf } from "../../fixtures/rewards.js";

describe("WeeklyRewards.claim", () => {
  describe("given a leaf of the newest week", () => {
    it("pays its account, whoever calls", async () => {
      const { rewards, nmr, tree, alice, dave } = await networkHelpers.loadFixture(liveWeek);
      const { cumulative, proof } = proofOf(tree, alice);
      const claiming = rewards.connect(dave).claim(alice, cumulative, proof);
      await expect(claiming).to.emit(rewards, "RewardClaimed").withArgs(alice.address, EARNED.alice, EARNED.alice);
      await expect(claiming).to.changeTokenBalances(
        ethers,
        nmr,
        [alice, dave, rewards],
        [EARNED.alice, 0n, -EARNED.alice],
      );
      expect(await rewards.claimed(alice)).to.equal(EARNED.alice);
      expect(await rewards.totalClaimed()).to.equal(EARNED.alice);
    });

    it("pays everybody to the last wei", async () => {
      const { rewards, nmr, tree, alice, bob, carol } = await networkHelpers.loadFixture(liveWeek);
      for (const account of [alice, bob, carol]) {
        const { cumulative, proof } = proofOf(tree, account);
        await rewards.claim(account, cumulative, proof);
      }
      expect(await rewards.totalClaimed()).to.equal(ADDED);
      expect(await nmr.balanceOf(rewards)).to.equal(0n);
    });

    it("pays the only account of a tree of one, whose leaf is the root", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await activate(d, treeOf([alice, 7n]), 7n);
      await expect(d.rewards.claim(alice, 7n, [])).to.changeTokenBalance(ethers, d.nmr, alice, 7n);
    });

    it("pays all weeks at once to an account that did not come before", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, nmr, alice, bob, carol } = d;
      const next = treeOf([alice, EARNED.alice + 11n], [bob, EARNED.bob], [carol, EARNED.carol]);
      await activate(d, next, 11n);
      const { cumulative, proof } = proofOf(next, alice);
      await expect(rewards.claim(alice, cumulative, proof)).to.changeTokenBalance(
        ethers,
        nmr,
        alice,
        EARNED.alice + 11n,
      );
    });

    it("pays the difference to one that has claimed before", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, nmr, tree, alice, bob, carol } = d;
      const first = proofOf(tree, alice);
      await rewards.claim(alice, first.cumulative, first.proof);
      const next = treeOf([alice, EARNED.alice + 1n], [bob, EARNED.bob + 10n], [carol, EARNED.carol]);
      await activate(d, next, 11n);
      const { cumulative, proof } = proofOf(next, alice);
      const claiming = rewards.claim(alice, cumulative, proof);
      await expect(claiming)
        .to.emit(rewards, "RewardClaimed")
        .withArgs(alice.address, 1n, EARNED.alice + 1n);
      await expect(claiming).to.changeTokenBalance(ethers, nmr, alice, 1n);
    });
  });

  describe("given a leaf at or below what was claimed", () => {
    it("refuses the same again", async () => {
      const { rewards, tree, alice } = await networkHelpers.loadFixture(liveWeek);
      const { cumulative, proof } = proofOf(tree, alice);
      await rewards.claim(alice, cumulative, proof);
      await expect(rewards.claim(alice, cumulative, proof))
        .to.be.revertedWithCustomError(rewards, "NothingToClaim")
        .withArgs(alice.address, cumulative, cumulative);
    });

    it("refuses one of a later week that fell, and what was claimed stays", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice, bob, carol } = d;
      const first = proofOf(tree, alice);
      await rewards.claim(alice, first.cumulative, first.proof);
      const fallen = treeOf([alice, EARNED.alice - 1n], [bob, EARNED.bob], [carol, EARNED.carol]);
      await activate(d, fallen, 0n);
      const { cumulative, proof } = proofOf(fallen, alice);
      await expect(rewards.claim(alice, cumulative, proof))
        .to.be.revertedWithCustomError(rewards, "NothingToClaim")
        .withArgs(alice.address, EARNED.alice, EARNED.alice - 1n);
      expect(await rewards.claimed(alice)).to.equal(EARNED.alice);
    });

    it("refuses a leaf of nothing", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await activate(d, treeOf([alice, 0n]), 1n);
      await expect(d.rewards.claim(alice, 0n, []))
        .to.be.revertedWithCustomError(d.rewards, "NothingToClaim")
        .withArgs(alice.address, 0n, 0n);
    });

    it("pays an account with two leaves the larger, not both", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const tree = treeOf([alice, 5n], [alice, 8n]);
      await activate(d, tree, 13n);
      for (const cumulative of [5n, 8n]) {
        await d.rewards.claim(alice, cumulative, tree.getProof([alice.address, cumulative]));
      }
      expect(await d.nmr.balanceOf(alice)).to.equal(8n);
    });
  });

  describe("given a proof that leads elsewhere", () => {
    it("refuses another account, another amount and another proof", async () => {
      const { rewards, tree, alice, bob } = await networkHelpers.loadFixture(liveWeek);
      const { cumulative, proof } = proofOf(tree, alice);
      const root = await rewards.root();
      for (const [account, amount, siblings] of [
        [bob, cumulative, proof],
        [alice, cumulative + 1n, proof],
        [alice, cumulative, []],
        [alice, cumulative, [...proof, ZeroHash]],
        [alice, cumulative, proofOf(tree, bob).proof],
      ] as const) {
        const leaf = StandardMerkleTree.of([[account.address, amount]], ["address", "uint256"]).root;
        const computed = siblings.reduce((hash, sibling) => keccak256(concat([hash, sibling].sort())), leaf);
        await expect(rewards.claim(account, amount, [...siblings]))
          .to.be.revertedWithCustomError(rewards, "InvalidProof")
          .withArgs(root, computed);
      }
    });

    it("refuses a leaf of the week before", async () => {
      const d = await networkHelpers.loadFixture(liveWeek);
      const { rewards, tree, alice, bob } = d;
      await activate(d, treeOf([bob, EARNED.bob]), 0n);
      const { cumulative, proof } = proofOf(tree, alice);
      await expect(rewards.claim(alice, cumulative, proof)).to.be.revertedWithCustomError(rewards, "InvalidProof");
    });

    it("refuses everything before the first week", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      const leaf = treeOf([alice, 1n]).root;
      await expect(d.rewards.claim(alice, 1n, []))
        .to.be.revertedWithCustomError(d.rewards, "InvalidProof")
        .withArgs(ZeroHash, leaf);
    });

    it("takes no inner node for a leaf: leaves are hashed twice", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      // A root that is the single hash of a leaf, as two children of 32 bytes would be.
      const leaf = StandardMerkleTree.of([[alice.address, 9n]], ["address", "uint256"]);
      const single = keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [alice.address, 9n]));
      await d.rewards.activateWeek(await ripe(d, { root: single, added: 9n }));
      await expect(d.rewards.claim(alice, 9n, []))
        .to.be.revertedWithCustomError(d.rewards, "InvalidProof")
        .withArgs(single, leaf.root);
    });
  });

  describe("given a tree that promises more than was minted for it", () => {
    it("pays what is allocated, and not a wei more, whatever NMR others sent", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice, bob } = people(d);
      const tree = treeOf([alice, 60n], [bob, 41n]);
      await activate(d, tree, 100n);
      await d.nmr.connect(d.minter).mint(d.rewards, parseEther("1"));
      const [first, second] = [proofOf(tree, alice), proofOf(tree, bob)];
      await d.rewards.claim(alice, first.cumulative, first.proof);
      await expect(d.rewards.claim(bob, second.cumulative, second.proof))
        .to.be.revertedWithCustomError(d.rewards, "ClaimAboveAllocation")
        .withArgs(40n, 41n);
      const cured = treeOf([alice, 60n], [bob, 40n]);
      await activate(d, cured, 0n);
      const { cumulative, proof } = proofOf(cured, bob);
      await d.rewards.claim(bob, cumulative, proof);
      expect(await d.rewards.totalClaimed()).to.equal(100n);
      expect(await d.nmr.balanceOf(d.rewards)).to.equal(parseEther("1"));
    });

    it("counts what is new in a leaf, not what was paid before", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      await activate(d, treeOf([alice, 60n]), 60n);
      await d.rewards.claim(alice, 60n, []);
      await activate(d, treeOf([alice, 61n]), 1n);
      await d.rewards.claim(alice, 61n, []);
      await activate(d, treeOf([alice, 63n]), 1n);
      await expect(d.rewards.claim(alice, 63n, []))
        .to.be.revertedWithCustomError(d.rewards, "ClaimAboveAllocation")
        .withArgs(1n, 2n);
    });

    it("refuses amounts as large as a word can hold", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const { alice } = people(d);
      for (const amount of [MaxUint256, 2n ** 96n]) {
        await activate(d, treeOf([alice, amount]), 0n);
        await expect(d.rewards.claim(alice, amount, []))
          .to.be.revertedWithCustomError(d.rewards, "ClaimAboveAllocation")
          .withArgs(0n, amount);
      }
    });
  });

  describe("given accounts that cannot or need not be paid", () => {
    it("refuses the zero address", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await activate(d, treeOf([ZeroAddress, 1n]), 1n);
      await expect(d.rewards.claim(ZeroAddress, 1n, []))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });

    it("keeps what a leaf of the contract itself says", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const self = await addressOf(d.rewards);
      await activate(d, treeOf([self, BUDGET]), BUDGET);
      await d.rewards.claim(self, BUDGET, []);
      expect(await d.nmr.balanceOf(self)).to.equal(BUDGET);
      expect(await d.rewards.totalClaimed()).to.equal(BUDGET);
    });

    it("pays a contract, and calls nothing of it", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      // The tournament takes NMR with a call only as a stake; a plain transfer asks nothing.
      const contract = await addressOf(d.tournament);
      await activate(d, treeOf([contract, 3n]), 3n);
      await expect(d.rewards.claim(contract, 3n, [])).to.changeTokenBalance(ethers, d.nmr, d.tournament, 3n);
    });
  });
});
