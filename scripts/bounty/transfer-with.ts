import type { SigningContext } from "../chain/context.js";
import { priceCall, type PricedCall } from "../chain/price-call.js";

/** Sends NMR to the bounties with data that says what for, in one transaction and without an allowance; priced. */
export async function transferWith(
  context: SigningContext,
  amount: bigint,
  data: string,
  step: string,
): Promise<PricedCall> {
  const { nmr, bounties } = context.suite;
  return priceCall(context, {
    step,
    to: await nmr.getAddress(),
    data: nmr.interface.encodeFunctionData("transferAndCall(address,uint256,bytes)", [
      await bounties.getAddress(),
      amount,
      data,
    ]),
  });
}
