import type { Context } from "../chain/context.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";

/**
 * A call of the bounties, priced.
 * @throws {NumeraireError} with the contract's reason when it would refuse the call.
 */
export async function callBounties(context: Context, step: string, data: string): Promise<PricedCall> {
  return priceCall(context, { step, to: await context.suite.bounties.getAddress(), data });
}
