import { readFile } from "node:fs/promises";

import { Wallet, decryptKeystoreJson, getAddress, isKeystoreJson } from "ethers";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { keystorePassword } from "./keystore-password.js";
import { otherAccount, type SignerSurroundings } from "./open-signer.js";

/** How often progress is reported, in per cent. */
const PROGRESS_STEP = 10;

/**
 * The wallet in an encrypted JSON keystore (Web3 Secret Storage, as geth, clef, cast and ethers write it).
 * @param file Path of the keystore.
 * @param expected Account that the keystore must hold; any when undefined.
 * @throws {NumeraireError} when the file is no keystore or the password is wrong; no message and no cause holds either.
 */
export async function jsonKeystoreWallet(
  file: string,
  expected: string | undefined,
  { provider, environment, log }: SignerSurroundings,
): Promise<Wallet> {
  const json = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new NumeraireError(`${file}: found no readable file, expected an encrypted JSON keystore`, {
      hint: "Check the path given to --keystore.",
      cause,
    });
  });
  if (!isKeystoreJson(json)) {
    throw new NumeraireError(`${file}: found no keystore, expected encrypted JSON of version 3`, {
      hint: "Write one with geth account new, cast wallet import or ethers' Wallet.encrypt.",
    });
  }
  // Known before the password is: no reason to let anybody wait.
  const account = accountOf(json);
  if (expected !== undefined && account !== undefined && account !== expected) {
    throw otherAccount(expected, account, file);
  }
  const password = await keystorePassword(file, environment);
  const progress = log.progress(`unlocking ${file}, per cent`, 100);
  let shown = 0;
  try {
    const { privateKey } = await decryptKeystoreJson(json, password, (share) => {
      const done = Math.floor((share * 100) / PROGRESS_STEP) * PROGRESS_STEP;
      if (done <= shown) return;
      progress.step(done - shown);
      shown = done;
    });
    // A keystore may hold the words its key comes from; they are left behind.
    return new Wallet(privateKey, provider);
  } catch {
    // The cause could carry the password.
    throw new NumeraireError(`${file}: could not be unlocked with the password given`, {
      hint: "Check the password; if it is right, the file is damaged: restore it from a copy.",
    });
  } finally {
    progress.stop();
  }
}

/** The account that a keystore says it holds, where it says so. */
function accountOf(json: string): string | undefined {
  const { address } = JSON.parse(json) as { address?: unknown };
  if (typeof address !== "string") return undefined;
  try {
    return getAddress(address.startsWith("0x") ? address : `0x${address}`);
  } catch {
    return undefined;
  }
}
