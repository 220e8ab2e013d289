import { dataSlice, getAddress, id, parseEther } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { CHUNK, NO_CUT, UNSCORED, packScores, stakeData } from "../../sdk/index.js";
import { deployed, ethers, networkHelpers } from "../fixtures/deployed.js";
import {
  BAD,
  DAY,
  GOOD,
  approve,
  close,
  fleet,
  fund,
  openRound,
  register,
  resolve,
  stakeFleet,
} from "../fixtures/rounds.js";
import { measureBounties } from "./bounty-operations.js";
import { measureCompute } from "./compute-operations.js";
import { gasOf } from "./gas-of.js";
import { measureRewards } from "./reward-operations.js";

/** One budgeted operation, measured. */
export interface Operation {
  name: string;
  /** Gas of the whole transaction, or of the transactions for a stake. */
  gas: number;
  /** Most gas it may take. */
  budget: number;
  /** Least gas the work could take, where known. */
  lowerBound?: number;
}

/** Gas limit of a transaction (EIP-7825). */
const TRANSACTION_GAS_LIMIT = 16_777_216;
const BATCH = 104;
const PREDICTIONS = id("predictions");

/** Measures every budgeted operation on a warm round: it has stakes, and every account has been used before. */
export async function measureOperations(): Promise<Operation[]> {
  const [staking, scoring, settling] = [await measureStaking(), await measureScoring(), await measureSettlement()];
  const [rewards, bounties, compute] = [await measureRewards(), await measureBounties(), await measureCompute()];
  return [...staking, ...scoring, ...settling, ...rewards, ...bounties, ...compute];
}

async function measureStaking(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(deployed);
  const [first, second, third] = d.others;
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few accounts");
  const roundId = await openRound(d);
  const models: bigint[] = [];
  for (const owner of [first, second, third]) {
    await fund(d, owner);
    models.push(await register(d, owner));
  }
  const [model1 = 0n, model2 = 0n, model3 = 0n] = models;
  const amount = parseEther("100");
  const confidence = parseEther("20");
  await d.tournament.connect(first).stake(roundId, model1, amount, confidence, PREDICTIONS);

  const stake = await d.tournament.connect(second).stake(roundId, model2, amount, confidence, PREDICTIONS);
  const data = stakeData({ roundId, modelId: model3, confidence, predictionsHash: PREDICTIONS });
  const byTransfer = await d.nmr.connect(third)["transferAndCall(address,uint256,bytes)"](d.tournament, amount, data);
  return [
    { name: "stake", gas: await gasOf(stake), budget: 80_000, lowerBound: 74_000 },
    { name: "stake by transferAndCall", gas: await gasOf(byTransfer), budget: 79_000, lowerBound: 74_000 },
  ];
}

async function measureScoring(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(deployed);
  const roundId = await openRound(d, parseEther("100"));
  const amount = parseEther("1");
  const owner = await fleet(d, CHUNK, amount * BigInt(CHUNK));
  const bids = Array.from({ length: CHUNK }, (_, i) => ({ amount, confidence: parseEther("30") + BigInt(i % 97) }));
  await stakeFleet(owner, roundId, 1n, bids);
  await close(d, roundId);
  // Every stake is eligible, so that every one is read; one in eight performs, and the pool is not emptied.
  const scores = bids.map((_, i) => (i % 8 === 0 ? GOOD : BAD));
  const [member] = d.members;
  const begin = await d.tournament.connect(member).beginScoring(roundId, NO_CUT, id("evidence"), "ipfs://evidence");
  const [packed = "0x"] = packScores(scores);
  const chunk = await d.tournament.connect(member).postScores(roundId, 1n, packed);
  await approve(d, roundId, 1n);
  await networkHelpers.time.increase(DAY);
  const finalize = await d.tournament.finalize(roundId, 1n);
  const perStake = Math.ceil(((await gasOf(begin)) + (await gasOf(chunk))) / CHUNK);
  return [
    { name: "scoring, a stake", gas: perStake, budget: 4_000, lowerBound: 2_970 },
    { name: "one full chunk", gas: await gasOf(chunk), budget: TRANSACTION_GAS_LIMIT },
    { name: "finalize", gas: await gasOf(finalize), budget: 110_000 },
  ];
}

async function measureSettlement(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(deployed);
  const roundId = await openRound(d, parseEther("1000"));
  const owners = await strangers(BATCH);
  for (const [i, owner] of owners.entries()) {
    await fund(d, owner, parseEther("3"));
    const modelId = await register(d, owner);
    await d.tournament
      .connect(owner)
      .stake(roundId, modelId, parseEther("1"), parseEther("2") + BigInt(i), PREDICTIONS);
  }
  // A third each is paid, destroyed and returned unpaid.
  const scores = owners.map((_, i) => [GOOD, BAD, UNSCORED][i % 3] ?? UNSCORED);
  const closesAt = BigInt((await networkHelpers.time.latest()) + 60 * DAY);
  const nextRound = await openRound(d, parseEther("1"), { closesAt });
  const [firstOwner, , , secondOwner] = owners;
  if (firstOwner === undefined || secondOwner === undefined) throw new Error("too few accounts");
  await resolve(d, roundId, scores);
  // The next round has a stake already, and the round one settled stake, as nearly every restake meets them.
  await d.tournament.connect(firstOwner).restake(roundId, 0, nextRound, parseEther("2"), PREDICTIONS);
  const restake = await d.tournament.connect(secondOwner).restake(roundId, 3, nextRound, parseEther("2"), PREDICTIONS);
  const settle = await d.tournament.settle(roundId, 4, BATCH);
  return [
    {
      name: "settle, a stake",
      gas: Math.ceil((await gasOf(settle)) / (BATCH - 4)),
      budget: 24_000,
      lowerBound: 22_000,
    },
    { name: "restake", gas: await gasOf(restake), budget: 100_000 },
  ];
}

/** Accounts outside the node's own, with ether. */
async function strangers(count: number): Promise<HardhatEthersSigner[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const address = getAddress(dataSlice(id(`stranger ${i}`), 12));
      await networkHelpers.impersonateAccount(address);
      await networkHelpers.setBalance(address, parseEther("10"));
      return ethers.getSigner(address);
    }),
  );
}
