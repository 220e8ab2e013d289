import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, Wallet, id } from "ethers";

import type { AuctionOutcome } from "../../sdk/index.js";
import {
  BatchedPayouts__factory,
  MerklePayouts__factory,
  OperatorPayouts__factory,
  PeerStakes__factory,
} from "../../typechain-types/index.js";
import { OPEN_SECONDS, benchStake } from "./bench-round.js";
import { everybodySends, giveEther, memberNamed, type Member, type Sent } from "./crowd.js";
import type { LocalNode } from "./local-node.js";

/** What a round of one design cost. */
export interface PeerCost {
  /** Gas of the stakers' own transactions. */
  staker: bigint;
  /** Gas of everybody else's: operator, committee, keeper. */
  operator: bigint;
  /** Gas of the dearest transaction. */
  largest: number;
}

/** What a design destroyed, and what its contract holds when everything is paid, in wei. */
export interface PeerRound extends PeerCost {
  burned: bigint;
  etherLeft: bigint;
  nmrLeft: bigint;
}

export type PeerName = "operator" | "batched" | "claims" | "keeper";

/** Stakes that the operator, or a keeper, resolves in one transaction where a design can; as many as ours settles. */
const BATCH = 100;
const BATCH_GAS = 14_000_000;
const ROUND = 1n;

/** How a design resolves a closed round: what the operator's side sends, and what the stakers have to. */
type Resolve = (deal: Deal) => Promise<{ operator: Sent[]; stakers: Sent[] }>;

interface Deal {
  node: LocalNode;
  operator: Member;
  /** The contract. */
  target: string;
  crowd: readonly Member[];
  /** One a member, in the crowd's order. */
  outcomes: readonly AuctionOutcome[];
}

const PEERS: Record<
  PeerName,
  {
    factory: typeof OperatorPayouts__factory | typeof BatchedPayouts__factory | typeof MerklePayouts__factory;
    resolve: Resolve;
  }
> = {
  operator: { factory: OperatorPayouts__factory, resolve: resolveOneByOne },
  batched: { factory: BatchedPayouts__factory, resolve: resolveInBatches },
  claims: { factory: MerklePayouts__factory, resolve: resolveByClaims },
  keeper: { factory: MerklePayouts__factory, resolve: resolveByKeeper },
};

/**
 * Plays a round of one of the peers: the same stakers stake the same in one transaction each, and get the same.
 * @param outcomes What becomes of each member's stake, in the crowd's order.
 * @param prize Ether in the round, in wei.
 */
export async function playPeer(
  name: PeerName,
  node: LocalNode,
  crowd: readonly Member[],
  outcomes: readonly AuctionOutcome[],
  prize: bigint,
): Promise<PeerRound> {
  const { provider, suite } = node;
  const { nmr } = suite;
  const { factory: Factory, resolve } = PEERS[name];
  const operator = memberNamed(`operator of ${name}`);
  await giveEther(node, operator, prize + 10n ** 22n);
  const wallet = new Wallet(operator.key, provider);
  const contract = await new Factory(wallet).deploy(nmr);
  await contract.waitForDeployment();
  const target = await contract.getAddress();
  const supply = await nmr.totalSupply();
  const closesAt = (await node.now()) + OPEN_SECONDS;
  const peer = PeerStakes__factory.connect(target, wallet);
  await (await peer.openRound(ROUND, closesAt, { value: prize })).wait();
  operator.nonce = await provider.getTransactionCount(operator.address);

  const staked = await everybodySends(node, crowd, await nmr.getAddress(), (_, index) => {
    const { amount, confidence } = benchStake(index);
    const data = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint96", "bytes32"],
      [ROUND, confidence, id("predictions")],
    );
    return nmr.interface.encodeFunctionData("transferAndCall(address,uint256,bytes)", [target, amount, data]);
  });
  await node.advanceTo(closesAt);
  const { operator: byOperator, stakers } = await resolve({ node, operator, target, crowd, outcomes });
  const sum = (sent: readonly Sent[]) => sent.reduce((total, { gas }) => total + gas, 0n);
  return {
    staker: sum([staked, ...stakers]),
    operator: sum(byOperator),
    largest: Math.max(...[staked, ...byOperator, ...stakers].map(({ largest }) => largest)),
    burned: supply - (await nmr.totalSupply()),
    etherLeft: await provider.getBalance(target),
    nmrLeft: await nmr.balanceOf(target),
  };
}

async function resolveOneByOne({ node, operator, target, crowd, outcomes }: Deal): ReturnType<Resolve> {
  const contract = OperatorPayouts__factory.createInterface();
  const calls = crowd.map(({ address }, i) => {
    const { burned, etherPaid } = outcomeAt(outcomes, i);
    return burned > 0n
      ? contract.encodeFunctionData("destroyStake", [ROUND, address])
      : contract.encodeFunctionData("releaseStake", [ROUND, address, etherPaid]);
  });
  return { operator: [await sendCalls(node, operator, target, calls)], stakers: [] };
}

async function resolveInBatches({ node, operator, target, crowd, outcomes }: Deal): ReturnType<Resolve> {
  const contract = BatchedPayouts__factory.createInterface();
  const resolutions = crowd.map(({ address: staker }, i) => {
    const { burned, etherPaid } = outcomeAt(outcomes, i);
    return { staker, etherPaid, destroyed: burned > 0n };
  });
  const calls = batches(resolutions).map((batch) => contract.encodeFunctionData("resolve", [ROUND, batch]));
  return { operator: [await sendCalls(node, operator, target, calls, BATCH_GAS)], stakers: [] };
}

async function resolveByClaims(deal: Deal): ReturnType<Resolve> {
  const { node, target } = deal;
  const { published, due, tree } = await publish(deal);
  const contract = MerklePayouts__factory.createInterface();
  const claimed = await everybodySends(
    node,
    due.map(({ member }) => member),
    target,
    (_, i) => contract.encodeFunctionData("claim", [ROUND, tree.at(i)?.[1] ?? 0n, tree.getProof(i)]),
  );
  return { operator: [published], stakers: [claimed] };
}

async function resolveByKeeper(deal: Deal): ReturnType<Resolve> {
  const { node, operator, target } = deal;
  const { published, tree } = await publish(deal);
  const contract = MerklePayouts__factory.createInterface();
  // Neighbours in the tree share most of their way to the root: the shortest proofs a keeper can have.
  const inOrder = [...tree.entries()]
    .map(([i, payout]) => ({ i, leaf: tree.leafHash(payout) }))
    .sort((a, b) => (a.leaf < b.leaf ? -1 : 1));
  const calls = batches(inOrder).map((wanted) => {
    const { leaves, proof, proofFlags } = tree.getMultiProof(wanted.map(({ i }) => i));
    const claims = leaves.map(([staker, etherPaid]) => ({ staker, etherPaid }));
    return contract.encodeFunctionData("claimMany", [ROUND, claims, proof, proofFlags]);
  });
  const paid = await sendCalls(node, operator, target, calls, BATCH_GAS);
  return { operator: [published, paid], stakers: [] };
}

/** Publishes the list of everybody who gets something back. */
async function publish({ node, operator, target, crowd, outcomes }: Deal) {
  const due = crowd.flatMap((member, i) => {
    const { burned, etherPaid } = outcomeAt(outcomes, i);
    return burned > 0n ? [] : [{ member, etherPaid }];
  });
  const tree = payoutTree(due.map(({ member, etherPaid }) => [member.address, etherPaid]));
  const burned = outcomes.reduce((total, one) => total + one.burned, 0n);
  const data = MerklePayouts__factory.createInterface().encodeFunctionData("publish", [ROUND, tree.root, burned]);
  return { published: await sendCalls(node, operator, target, [data]), due, tree };
}

/** The tree of a list of payouts, as `MerklePayouts` takes its proofs; ether in wei. */
export function payoutTree(
  payouts: [staker: string, etherPaid: bigint][],
): StandardMerkleTree<[staker: string, etherPaid: bigint]> {
  return StandardMerkleTree.of(payouts, ["address", "uint96"]);
}

async function sendCalls(
  node: LocalNode,
  operator: Member,
  target: string,
  calls: readonly string[],
  gasLimit?: number,
): Promise<Sent> {
  const senders = calls.map(() => operator);
  return everybodySends(node, senders, target, (_, i) => calls[i] ?? "0x", gasLimit === undefined ? {} : { gasLimit });
}

function batches<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / BATCH) }, (_, i) => list.slice(i * BATCH, (i + 1) * BATCH));
}

function outcomeAt(outcomes: readonly AuctionOutcome[], index: number): AuctionOutcome {
  const outcome = outcomes[index];
  if (outcome === undefined) throw new RangeError(`outcome ${index}: found none, expected one a staker`);
  return outcome;
}
