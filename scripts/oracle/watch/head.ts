import type { SigningContext } from "../../chain/context.js";
import { currentGasPrice } from "../../chain/gas-price.js";
import { pinBlock } from "../../chain/pin-block.js";
import { NodeOutOfStep } from "./node-out-of-step.js";

/** What every round is judged by: the chain, the committee and the account at one look. */
export interface Head {
  /** Newest block. */
  block: number;
  /** Unix seconds of the newest block. */
  now: number;
  /** Newest block that will stay. */
  settledBlock: number;
  /** Unix seconds of the newest block that will stay. */
  settledNow: number;
  members: readonly string[];
  quorum: bigint;
  roundCount: bigint;
  account: string;
  /** Ether of the account, in wei. */
  balance: bigint;
  /** Wei a unit of gas, as costs are reckoned with. */
  gasPrice: bigint;
}

/**
 * Reads what the rounds have in common, at the newest block.
 * @throws {NodeOutOfStep} when the node has no block.
 */
export async function readHead(context: SigningContext): Promise<Head> {
  const { provider, signer, suite } = context;
  const account = await signer.getAddress();
  const block = await provider.getBlock("latest");
  if (block === null) {
    throw new NodeOutOfStep("found no block, expected the newest one");
  }
  const blockTag = block.number;
  const [settled, members, quorum, roundCount, balance, gasPrice] = await Promise.all([
    pinBlock(context),
    suite.committee.members({ blockTag }),
    suite.committee.quorum({ blockTag }),
    suite.tournament.roundCount({ blockTag }),
    provider.getBalance(account, blockTag),
    currentGasPrice(provider),
  ]);
  return {
    block: block.number,
    now: block.timestamp,
    settledBlock: settled.number,
    settledNow: settled.timestamp,
    members: [...members],
    quorum,
    roundCount,
    account,
    balance,
    gasPrice,
  };
}
