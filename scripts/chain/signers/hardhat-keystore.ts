import { fileURLToPath } from "node:url";

import type { Wallet } from "ethers";
import type { HttpNetworkUserConfig } from "hardhat/types/config";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { walletOfKey } from "./environment-key.js";
import { keystorePassword } from "./keystore-password.js";
import type { SignerSurroundings } from "./open-signer.js";

const VARIABLE = "NUMERAIRE_PRIVATE_KEY";
const KEYSTORE = "Hardhat's keystore";
const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * The wallet whose key `npx hardhat keystore set NUMERAIRE_PRIVATE_KEY` stored: in the development keystore, or else in
 * the one that a password protects.
 * @throws {NumeraireError} when there is no such key or the password is wrong; no message and no cause holds either.
 */
export async function hardhatKeystoreWallet({ provider, environment }: SignerSurroundings): Promise<Wallet> {
  // To Hardhat an empty variable is a value, which hides the keystore.
  if (process.env.NUMERAIRE_PRIVATE_KEY === "") delete process.env.NUMERAIRE_PRIVATE_KEY;
  let refusal: unknown;
  const key = await readVariable(async () => {
    try {
      return await keystorePassword(KEYSTORE, environment);
    } catch (error) {
      refusal = error;
      throw error;
    }
  }).catch((error: unknown) => {
    throw refusal instanceof NumeraireError ? refusal : unreadable(error);
  });
  return walletOfKey(key, KEYSTORE, provider);
}

/** Reads the variable as Hardhat reads those of its configuration; only its question for the password is answered here. */
async function readVariable(password: () => Promise<string>): Promise<string> {
  // Loaded where it is needed: every other signer does without Hardhat.
  const [{ createHardhatRuntimeEnvironment }, hardhatConfig, { default: keystore }] = await Promise.all([
    import("hardhat/hre"),
    import("hardhat/config"),
    import("@nomicfoundation/hardhat-keystore"),
  ]);
  const keyedNetwork: HttpNetworkUserConfig = {
    type: "http",
    url: "http://127.0.0.1",
    accounts: [hardhatConfig.configVariable(VARIABLE)],
  };
  const config = { plugins: [keystore], networks: { keyed: keyedNetwork } };
  const hre = await createHardhatRuntimeEnvironment(config, {}, PROJECT);
  hre.hooks.registerHandlers("userInterruptions", {
    requestSecretInput: () => password(),
  });
  const keyed = hre.config.networks["keyed"];
  const [variable] = keyed?.type === "http" && Array.isArray(keyed.accounts) ? keyed.accounts : [];
  if (variable === undefined) throw new Error("the configuration lost its account");
  return variable.get();
}

function unreadable(error: unknown): NumeraireError {
  const { number, code } = error as { number?: unknown; code?: unknown };
  const reason = typeof number === "number" ? `HHE${number}` : typeof code === "string" ? code : "no code";
  return new NumeraireError(`${KEYSTORE}: found no ${VARIABLE} that could be read (${reason})`, {
    hint: `Check the password, or store the key with npx hardhat keystore set ${VARIABLE}. Hardhat leaves its keystore closed where CI is set.`,
  });
}
