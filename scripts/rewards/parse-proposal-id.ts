import { InvalidArgumentError } from "commander";

/** A number of a proposal off the command line. */
export function parseProposalId(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidArgumentError("expected the number of a proposal, from 1");
  return BigInt(text);
}
