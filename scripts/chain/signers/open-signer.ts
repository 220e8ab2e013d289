import { VoidSigner, getAddress, isAddress, type JsonRpcApiProvider, type Signer } from "ethers";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import type { Log } from "../../terminal/log.js";
import { environmentWallet } from "./environment-key.js";
import { hardhatKeystoreWallet } from "./hardhat-keystore.js";
import { jsonKeystoreWallet } from "./json-keystore.js";
import { nodeAccount } from "./node-account.js";

/** Where the account to send from comes from; at most one holder of a key. */
export interface SignerChoice {
  /** Address of the account: one of the node's, or the one that the key must belong to. */
  account?: string | undefined;
  /** Path of an encrypted JSON keystore. */
  keystore?: string | undefined;
  /** Whether the key is in Hardhat's keystore. */
  hardhatKeystore?: boolean | undefined;
  /** Whether calls are only written down, for others to sign: no key is looked at. */
  unsigned?: boolean | undefined;
}

/** What opening a signer works with. */
export interface SignerSurroundings {
  provider: JsonRpcApiProvider;
  chainId: bigint;
  /** NUMERAIRE_PRIVATE_KEY, NUMERAIRE_KEYSTORE_PASSWORD and NUMERAIRE_KEYSTORE_PASSWORD_FILE are read. */
  environment: NodeJS.ProcessEnv;
  log: Log;
}

/**
 * The account to send from: the key of the environment, of an encrypted JSON keystore or of Hardhat's keystore; on a
 * development chain an account of the node; or where nothing is sent, an address without a key.
 * @returns Undefined where nothing was chosen.
 * @throws {NumeraireError} when more than one key was given, or the one cannot be had; no message and no cause ever
 * holds a key or a password.
 */
export async function openSigner(choice: SignerChoice, surroundings: SignerSurroundings): Promise<Signer | undefined> {
  const { account, keystore, hardhatKeystore = false, unsigned = false } = choice;
  const { provider, chainId, environment } = surroundings;
  const expected = account === undefined ? undefined : addressOf(account);
  if (unsigned) return expected === undefined ? undefined : new VoidSigner(expected, provider);

  const key = environment["NUMERAIRE_PRIVATE_KEY"] ?? "";
  const holders = [
    ...(key === "" ? [] : ["NUMERAIRE_PRIVATE_KEY"]),
    ...(keystore === undefined ? [] : ["--keystore"]),
    ...(hardhatKeystore ? ["--hardhat-keystore"] : []),
  ];
  const [holder, second] = holders;
  if (second !== undefined) {
    throw new NumeraireError(`signer: found ${holders.join(" and ")}, expected one of them`, {
      hint: "Choose where the key comes from: leave the other options out, or unset NUMERAIRE_PRIVATE_KEY.",
    });
  }
  if (holder === undefined) return expected === undefined ? undefined : nodeAccount(expected, provider, chainId);
  const wallet =
    keystore !== undefined
      ? await jsonKeystoreWallet(keystore, expected, surroundings)
      : hardhatKeystore
        ? await hardhatKeystoreWallet(surroundings)
        : environmentWallet(key, provider);
  if (expected !== undefined && expected !== wallet.address) throw otherAccount(expected, wallet.address, holder);
  return wallet;
}

/** The error for a key that belongs to another account than the one asked for. */
export function otherAccount(asked: string, found: string, holder: string): NumeraireError {
  return new NumeraireError(`--account: found ${asked}, expected ${found}, the account of the key in ${holder}`, {
    hint: "Leave --account out to use the key's account, or give the key of the other account.",
  });
}

function addressOf(account: string): string {
  // Not a type guard here: what is no address is still a text to show.
  const valid: boolean = isAddress(account);
  if (!valid) {
    throw new NumeraireError("--account: found no address, expected 0x and 40 hex digits", {
      hint: "Give the address of an account; never a key: what stands on a command line is seen by every process.",
    });
  }
  return getAddress(account);
}
