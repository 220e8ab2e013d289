import type { PlannedCall } from "../chain/planned-call.js";

/** A call of the hand-over that is still to be made. */
export interface HandoverStep extends PlannedCall {
  /** Address of the account that has to send it; absent where anybody may. */
  by?: string;
  /** What it waits for; absent where it can be sent now. */
  waitsFor?: string;
}
