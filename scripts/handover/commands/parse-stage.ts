import { InvalidArgumentError } from "commander";

import type { TargetStage } from "../former-holder.js";

/** A stage to hand over to off the command line. */
export function parseStage(text: string): TargetStage {
  const stage = ([1, 2, 3] as const).find((one) => String(one) === text);
  if (stage === undefined) throw new InvalidArgumentError("expected 1 (Safe), 2 (timelock) or 3 (governor)");
  return stage;
}
