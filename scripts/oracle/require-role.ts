import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { SigningContext } from "../chain/context.js";
import type { Call } from "../chain/planned-call.js";

/**
 * Makes sure that the AccessManager lets the account make a call.
 * @param what What only the role may do, e.g. "veto".
 * @param role Who may, for the message, e.g. "the guardian".
 * @throws {NumeraireError} when the account lacks the role, or holds it with a delay.
 */
export async function requireRole(context: SigningContext, call: Call, what: string, role: string): Promise<void> {
  const { authority } = context.suite;
  const account = await context.signer.getAddress();
  const { immediate, delay } = await authority.canCall(account, call.to, call.data.slice(0, 10));
  if (immediate) return;
  if (delay > 0n) {
    throw new NumeraireError(
      `account ${account}: found a delay of ${delay.toString()} seconds on its right to ${what}, expected none`,
      { hint: "Schedule the call through the AccessManager, and execute it there when the delay is over." },
    );
  }
  throw new NumeraireError(`account ${account}: found no right to ${what}, expected the account of ${role}`, {
    hint: `Send it from ${role}'s account: the AccessManager ${await authority.getAddress()} says who that is.`,
  });
}
