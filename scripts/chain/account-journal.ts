import { homedir } from "node:os";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { SendingContext } from "./context.js";
import { openJournal, readJournal, type Journal, type JournalEntry } from "./journal.js";

/**
 * Where the programs of this machine keep what they must not forget: NUMERAIRE_STATE_DIR, or `numeraire` in the user's
 * folder for state. One folder for all working folders, so that an account never races itself.
 */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  const set = environment["NUMERAIRE_STATE_DIR"]?.trim();
  if (set) return path.resolve(set);
  const states = environment["XDG_STATE_HOME"]?.trim();
  return path.join(states ? states : path.join(homedir(), ".local", "state"), "numeraire");
}

/**
 * Opens the journal of the context's account on its chain, which is its lock as well: all that an account sends from
 * this machine goes through it, whatever the round and the command.
 * @returns Undefined where the context keeps no state.
 * @throws {NumeraireError} with exit code 2 while another process sends from the account.
 */
export async function openAccountJournal(context: SendingContext): Promise<Journal | undefined> {
  const file = await journalFile(context);
  const account = await context.signer.getAddress();
  return file === undefined
    ? undefined
    : openJournal(file, `account ${account} on chain ${context.chainId.toString()}`);
}

/** What the journal of the context's account says, without taking the account: for looking, not for sending. */
export async function readAccountJournal(context: SendingContext): Promise<readonly JournalEntry[]> {
  const file = await journalFile(context);
  return file === undefined ? [] : readJournal(file);
}

async function journalFile(context: SendingContext): Promise<string | undefined> {
  if (context.stateFolder === undefined) return undefined;
  const account = await context.signer.getAddress();
  const chain = context.chainId.toString();
  // A development chain that was started again has the same id and another history.
  const genesis = (await context.provider.getBlock(0))?.hash;
  if (typeof genesis !== "string") {
    throw new NumeraireError(`chain ${chain}: found no first block, expected one to tell the chain by`, {
      hint: "Use a node that knows the headers of the whole chain.",
    });
  }
  return path.join(context.stateFolder, `${chain}-${genesis.slice(2, 10)}`, `${account}.jsonl`);
}
