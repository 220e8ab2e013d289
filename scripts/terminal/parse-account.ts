import { InvalidArgumentError } from "commander";
import { getAddress, isAddress } from "ethers";

/** An account off the command line, with its checksum. */
export function parseAccount(text: string): string {
  // Not a type guard here: what is no address is still a text to show.
  const valid: boolean = isAddress(text);
  if (!valid) throw new InvalidArgumentError("expected an address, 0x and 40 hex digits");
  return getAddress(text);
}
