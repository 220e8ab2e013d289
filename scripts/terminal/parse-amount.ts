import { InvalidArgumentError } from "commander";

import { parseNmr } from "../../sdk/units.js";

/** NMR off the command line, in wei. */
export function parseAmount(text: string): bigint {
  try {
    return parseNmr(text);
  } catch {
    throw new InvalidArgumentError("expected NMR as a decimal, e.g. 12.5");
  }
}
