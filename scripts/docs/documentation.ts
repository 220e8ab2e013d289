import { ErrorFragment, EventFragment, FunctionFragment } from "ethers";

import type { CompiledContract, NatSpec, NatSpecItem } from "../build/compiled-contracts.js";

/** A function, event or error with its documentation. */
export interface Documented<Fragment> {
  fragment: Fragment;
  /** What it is, for users; empty where the interface says nothing, as some of OpenZeppelin's. */
  notice: string;
  /** What developers must know besides; empty for nothing. */
  details: string;
  params: Partial<Record<string, string>>;
  returns: Partial<Record<string, string>>;
}

/** What a contract offers, each kind by name. */
export interface ContractDocumentation {
  functions: Documented<FunctionFragment>[];
  events: Documented<EventFragment>[];
  errors: Documented<ErrorFragment>[];
}

/** The documentation of everything in a contract's ABI, out of its NatSpec. */
export function documentation({ abi, devdoc, userdoc }: CompiledContract): ContractDocumentation {
  const pick = (type: string) => abi.filter((item) => item.type === type);
  return {
    functions: pick("function").map((item) => document(FunctionFragment.from(item), [userdoc, devdoc], methodOf)),
    events: pick("event").map((item) => document(EventFragment.from(item), [userdoc, devdoc], eventOf)),
    errors: pick("error").map((item) => document(ErrorFragment.from(item), [userdoc, devdoc], errorOf)),
  };
}

function document<Fragment extends FunctionFragment | EventFragment | ErrorFragment>(
  fragment: Fragment,
  [userdoc, devdoc]: [NatSpec, NatSpec],
  itemOf: (natSpec: NatSpec, signature: string) => NatSpecItem | undefined,
): Documented<Fragment> {
  const signature = fragment.format("sighash");
  const forUsers = itemOf(userdoc, signature);
  const forDevelopers = itemOf(devdoc, signature);
  return {
    fragment,
    notice: forUsers?.notice ?? "",
    details: forDevelopers?.details ?? "",
    params: forDevelopers?.params ?? {},
    returns: forDevelopers?.returns ?? {},
  };
}

const methodOf = ({ methods }: NatSpec, signature: string): NatSpecItem | undefined => methods[signature];
const eventOf = ({ events }: NatSpec, signature: string): NatSpecItem | undefined => events?.[signature];
const errorOf = ({ errors }: NatSpec, signature: string): NatSpecItem | undefined => errors?.[signature]?.[0];
