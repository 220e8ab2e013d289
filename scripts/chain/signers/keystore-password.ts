import { open } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { askSecret } from "../../terminal/ask-secret.js";

/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

/**
 * The password of a keystore: out of the environment, out of a file that only its owner may read, or from the person
 * at the terminal.
 * @param keystore What is to be unlocked, for the question and messages.
 * @param environment NUMERAIRE_KEYSTORE_PASSWORD, or NUMERAIRE_KEYSTORE_PASSWORD_FILE with the path of a file.
 * @throws {NumeraireError} when there is none; no message holds a password.
 */
export async function keystorePassword(keystore: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const password = environment["NUMERAIRE_KEYSTORE_PASSWORD"] ?? "";
  const file = environment["NUMERAIRE_KEYSTORE_PASSWORD_FILE"] ?? "";
  if (password !== "" && file !== "") {
    throw new NumeraireError(
      "keystore: found NUMERAIRE_KEYSTORE_PASSWORD and NUMERAIRE_KEYSTORE_PASSWORD_FILE, expected one of them",
      { hint: "Unset one of the two." },
    );
  }
  if (password !== "") return password;
  if (file !== "") return readPasswordFile(file, environment);
  const answer = await askSecret(`Password of ${keystore}: `);
  if (answer !== undefined) return answer;
  throw new NumeraireError(`${keystore}: found no password and no terminal to ask for it`, {
    hint: "Put the password in a file of mode 0600 and its path in NUMERAIRE_KEYSTORE_PASSWORD_FILE.",
  });
}

async function readPasswordFile(file: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw new NumeraireError(`${file}: found no readable file, expected the keystore's password`, {
      hint: "Check the path in NUMERAIRE_KEYSTORE_PASSWORD_FILE, and who owns the file.",
      cause,
    });
  });
  try {
    const mode = (await handle.stat()).mode & 0o777;
    if ((mode & OTHERS) !== 0 && !isCredential(file, environment)) {
      throw new NumeraireError(`${file}: found mode ${octal(mode)}, expected 0600: others may read the password`, {
        hint: `Run chmod 600 ${file}, and change the password if others have used this machine.`,
      });
    }
    const password = (await handle.readFile("utf8")).replace(/\r?\n$/, "");
    if (password !== "") return password;
  } finally {
    await handle.close();
  }
  throw new NumeraireError(`${file}: found an empty file, expected the keystore's password`, {
    hint: "Write the password to the file, on one line.",
  });
}

/** systemd guards its credentials with access lists and a private mount, whatever the mode says. */
function isCredential(file: string, environment: NodeJS.ProcessEnv): boolean {
  const folder = environment["CREDENTIALS_DIRECTORY"] ?? "";
  return folder !== "" && path.dirname(path.resolve(file)) === path.resolve(folder);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
