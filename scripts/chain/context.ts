import type { Provider, Signer } from "ethers";

import type { Suite } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Log } from "../terminal/log.js";

/** The chain id of local development nodes: their blocks are final and their accounts unlocked. */
export const DEVELOPMENT_CHAIN_ID = 31337n;

/** What every command works with. */
export interface Context {
  provider: Provider;
  /** Absent where no key was given: reading commands need none. */
  signer?: Signer;
  suite: Suite;
  chainId: bigint;
  /** Name of the network, for messages. */
  network: string;
  log: Log;
  /** Block to look for events from: that of the first contract, or 0. */
  fromBlock: number;
  /** Blocks that must follow a block before it counts, where the node knows no finalized block. */
  confirmations: number;
  /** Folder for journals and locks of accounts; absent where nothing is kept, as on a chain in this process. */
  stateFolder?: string;
}

/** A context whose account can send. */
export interface SigningContext extends Context {
  signer: Signer;
}

/** What sending takes: it does without the suite, which a deployment is only about to make. */
export type SendingContext = Omit<SigningContext, "suite" | "fromBlock">;

/**
 * The context, once it is known to hold a signer.
 * @throws {NumeraireError} when there is none.
 */
export function requireSigner(context: Context): SigningContext {
  const { signer } = context;
  if (signer === undefined) {
    throw new NumeraireError("no account to send from: found none, expected a key or an address", {
      hint: "Give the key in NUMERAIRE_PRIVATE_KEY, --keystore or --hardhat-keystore (never on the command line); with --unsigned or --safe, and on development chains, an address as --account.",
    });
  }
  return { ...context, signer };
}
