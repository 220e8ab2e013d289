import type { JsonRpcApiProvider, Signer } from "ethers";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { DEVELOPMENT_CHAIN_ID } from "../context.js";

/**
 * An unlocked account of a development node, which signs for it.
 * @throws {NumeraireError} on any other chain, or when the node has no such account.
 */
export async function nodeAccount(account: string, provider: JsonRpcApiProvider, chainId: bigint): Promise<Signer> {
  if (chainId !== DEVELOPMENT_CHAIN_ID) {
    throw new NumeraireError(`--account: found chain ${chainId.toString()}, expected a development chain (31337)`, {
      hint: "Elsewhere nodes hold no keys: put the account's key in NUMERAIRE_PRIVATE_KEY, --keystore or --hardhat-keystore.",
    });
  }
  try {
    return await provider.getSigner(account);
  } catch (error) {
    throw new NumeraireError(`--account: found no account ${account} on the node`, {
      hint: "Choose one of the accounts that the node lists when it starts.",
      cause: error,
    });
  }
}
