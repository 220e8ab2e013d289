import { Wallet, type Provider } from "ethers";

import { NumeraireError } from "../../../sdk/numeraire-error.js";

/**
 * The wallet of a key that stands in the environment.
 * @param key 32 bytes as hex, with or without 0x.
 * @throws {NumeraireError} when it is no key; the message never holds it.
 */
export function environmentWallet(key: string, provider: Provider): Wallet {
  return walletOfKey(key, "NUMERAIRE_PRIVATE_KEY", provider);
}

/**
 * The wallet of a key.
 * @param holder Where the key was found, for messages.
 * @throws {NumeraireError} when it is no key; the message never holds it.
 */
export function walletOfKey(key: string, holder: string, provider: Provider): Wallet {
  try {
    return new Wallet(key, provider);
  } catch {
    // The cause would carry the key.
    throw new NumeraireError(`${holder}: found no private key, expected 32 bytes as hex`, {
      hint: "Export the key of the account again; it is never printed.",
    });
  }
}
