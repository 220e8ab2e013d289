import { AbiCoder } from "ethers";

import { formatNmr } from "../../sdk/units.js";
import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { showTime } from "./show-time.js";
import { transferWith } from "./transfer-with.js";

export interface PostRequest {
  /** Hash of the terms, 32 bytes as hex. */
  termsHash: string;
  /** Where the terms can be found. */
  termsURI: string;
  /** NMR, in wei. */
  amount: bigint;
  /** Last second to submit, in Unix seconds. */
  deadline: number;
  reviewer: string;
}

/** Posts a bounty with NMR of the account, which becomes its issuer. */
export async function planPost(context: Context, request: PostRequest): Promise<BountyAction> {
  const { termsHash, termsURI, amount, deadline, reviewer } = request;
  const data = AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "string", "uint256", "address"],
    [termsHash, termsURI, deadline, reviewer],
  );
  return {
    name: "Post a bounty",
    facts: {
      terms: `${termsHash} at ${termsURI === "" ? "no place" : termsURI}`,
      puts: `${formatNmr(amount)} NMR`,
      deadline: showTime(deadline),
      reviewer,
    },
    due: await transferWith(requireSigner(context), amount, data, "post a bounty"),
    event: "BountyPosted",
    describe: ({ bountyId }) => `bounty ${String(bountyId)} posted with ${formatNmr(amount)} NMR`,
  };
}
