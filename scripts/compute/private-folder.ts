import { chmod, lstat, mkdir } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/**
 * Makes a folder that only this account may enter: jobs run as an account that others may use too.
 * @returns Its absolute path.
 * @throws {NumeraireError} when it is there and lets others in, is a link, or belongs to another account.
 */
export async function privateFolder(folder: string): Promise<string> {
  const absolute = path.resolve(folder);
  // One that was there before may be shared on purpose, and is left as it is.
  if ((await mkdir(absolute, { recursive: true, mode: 0o700 })) !== undefined) await chmod(absolute, 0o700);
  const status = await lstat(absolute);
  const mode = status.mode & 0o777;
  if (!status.isDirectory() || (mode & 0o077) !== 0 || status.uid !== process.getuid?.()) {
    const found = status.isDirectory() ? `mode ${mode.toString(8)} of account ${status.uid}` : "no folder";
    throw new NumeraireError(`${absolute}: found ${found}, expected mode 700 of the account that runs the provider`, {
      hint: `Run chmod 700 on it, or name another folder as --folder.`,
    });
  }
  return absolute;
}
