import { toNumeraireError } from "../../sdk/decode-error.js";
import type { Context } from "./context.js";
import { currentGasPrice } from "./gas-price.js";
import type { PlannedCall } from "./planned-call.js";

/** A call that the contract would take now, and what sending it takes. */
export interface PricedCall extends PlannedCall {
  gas: bigint;
  /** Ether at the present price, in wei. */
  cost: bigint;
}

/**
 * Tries a call from the context's account, where it has one, and says what sending it takes; sends nothing.
 * @throws {NumeraireError} with the contract's reason when it would refuse the call.
 */
export async function priceCall({ provider, signer }: Context, call: PlannedCall): Promise<PricedCall> {
  const { step, to, data } = call;
  try {
    const from = await signer?.getAddress();
    const gas = await provider.estimateGas({ to, data, ...(from === undefined ? {} : { from }) });
    return { ...call, gas, cost: gas * (await currentGasPrice(provider)) };
  } catch (error) {
    throw toNumeraireError(error, step);
  }
}
