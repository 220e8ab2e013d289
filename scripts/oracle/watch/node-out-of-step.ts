import { NumeraireError } from "../../../sdk/numeraire-error.js";

/**
 * A node's answers do not go together, with each other or with earlier ones: nothing is decided on them. The next look
 * may get better ones.
 */
export class NodeOutOfStep extends NumeraireError {
  /** @param what What was found and expected, in one line. */
  constructor(what: string) {
    super(`node: ${what}`, {
      hint: "Wait until the node is in sync, or put one that is in sync first in NUMERAIRE_RPC_URL.",
      exitCode: 2,
    });
  }
}
