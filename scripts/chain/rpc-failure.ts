import { NumeraireError } from "../../sdk/numeraire-error.js";

/** The failure of the nodes, not of what they were asked: nothing of it is known, and another try may succeed. */
export class RpcFailure extends NumeraireError {}
