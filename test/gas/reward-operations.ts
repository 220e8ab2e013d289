import { concat, getAddress, dataSlice, id, keccak256, parseEther, type ContractTransactionResponse } from "ethers";

import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { people } from "../fixtures/people.js";
import { activate, ripe, treeOf, type Earned } from "../fixtures/rewards.js";
import { gasOf } from "./gas-of.js";
import type { Operation } from "./operations.js";

/** On the way from one of 100,000 leaves to the root. */
const SIBLINGS = 17;
const BATCH = 100;
const EARNED = parseEther("1.234567890123456789");

/** Measures claims where others claimed before. */
export async function measureRewards(): Promise<Operation[]> {
  return [...(await measureClaim()), await measureBatch()];
}

async function measureClaim(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(deployed);
  const { alice, bob } = people(d);
  await othersClaim(d);
  await d.nmr.connect(d.minter).mint(alice, 1n);
  const holder = await claimDeep(d, alice.address);
  const newcomer = await claimDeep(d, bob.address);
  return [
    { name: "claim a reward", gas: await gasOf(holder), budget: 90_000, lowerBound: 75_000 },
    // Its balance is a new slot, 17,100 more: not within 90,000 by any contract; docs/rewards.md has the sum.
    {
      name: "claim a reward, the account's first NMR",
      gas: await gasOf(newcomer),
      budget: 107_000,
      lowerBound: 92_100,
    },
  ];
}

/** A first claim among 100,000 accounts: of them, only the hashes on the way to the root count. */
async function claimDeep(d: Deployed, account: string): Promise<ContractTransactionResponse> {
  const proof = Array.from({ length: SIBLINGS }, (_, i) => id(`sibling ${i}`));
  const leaf = treeOf([account, EARNED]).root;
  const root = proof.reduce((hash, sibling) => keccak256(concat([hash, sibling].sort())), leaf);
  await d.rewards.activateWeek(await ripe(d, { root, added: parseEther("100") }));
  return d.rewards.claim(account, EARNED, proof);
}

async function measureBatch(): Promise<Operation> {
  const d = await networkHelpers.loadFixture(deployed);
  await othersClaim(d);
  const accounts = Array.from({ length: BATCH }, (_, i) => getAddress(dataSlice(id(`winner ${i}`), 12)));
  for (const account of accounts) await d.nmr.connect(d.minter).mint(account, 1n);
  const tree = treeOf(...accounts.map((account): Earned => [account, EARNED]));
  await activate(d, tree, parseEther("1000"));
  const { leaves, proof, proofFlags } = tree.getMultiProof([...tree.entries()].map(([i]) => i));
  const claim = await d.rewards.claimMany(
    leaves.map(([account]) => account),
    leaves.map(([, cumulative]) => cumulative),
    proof,
    proofFlags,
  );
  return { name: "claim rewards, an account", gas: Math.ceil((await gasOf(claim)) / BATCH), budget: 40_000 };
}

/** The sum of what was claimed is not zero for ever. */
async function othersClaim(d: Deployed): Promise<void> {
  await activate(d, treeOf([d.treasury, 1n]), parseEther("1"));
  await d.rewards.claim(d.treasury, 1n, []);
}
