import { toNumeraireError } from "../../sdk/decode-error.js";
import { currentGasPrice } from "./gas-price.js";
import type { Context } from "./context.js";
import type { Call } from "./send.js";

/** What a transaction takes. */
export interface Cost {
  gas: bigint;
  /** Ether at the price offered now, in wei. */
  cost: bigint;
}

/**
 * What sending a call would take, from the context's account where it has one; sends nothing.
 * @param step What the transaction does, for messages.
 * @throws {NumeraireError} with the contract's reason when it would refuse the call.
 */
export async function estimateCost({ provider, signer }: Context, call: Call, step: string): Promise<Cost> {
  try {
    const from = await signer?.getAddress();
    const gas = await provider.estimateGas({ ...call, ...(from === undefined ? {} : { from }) });
    return { gas, cost: gas * (await currentGasPrice(provider)) };
  } catch (error) {
    throw toNumeraireError(error, step);
  }
}
