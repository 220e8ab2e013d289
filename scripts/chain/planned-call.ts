import { dataLength, type BaseContract, type FunctionFragment } from "ethers";

import type { Suite } from "../../sdk/contracts.js";

/** A call to send. */
export interface Call {
  to: string;
  data: string;
}

/** A call that is still to be sent, by this program or by others. */
export interface PlannedCall extends Call {
  /** What it does, e.g. "post chunk 2 of 3". */
  step: string;
  /** Gas it is planned to take, where that is known. */
  gas?: bigint;
}

/** A call as people read it. */
export interface DescribedCall {
  /** Name of the function. */
  name: string;
  /** Arguments by name, amounts and ids as bigint. */
  args: Record<string, unknown>;
  /** Both in one line; long data is shortened. */
  text: string;
}

/** The longest argument shown in full, in characters: a hash. */
const SHOWN = 66;

/**
 * What a call to a contract of the suite means.
 * @returns Undefined for a call to another contract or function.
 */
export async function describeCall(suite: Suite, { to, data }: Call): Promise<DescribedCall | undefined> {
  for (const contract of Object.values<BaseContract>({ ...suite })) {
    if ((await contract.getAddress()).toLowerCase() !== to.toLowerCase()) continue;
    const parsed = contract.interface.parseTransaction({ data });
    if (parsed === null) return undefined;
    const args = argumentsOf(parsed.fragment, [...parsed.args] as unknown[]);
    const shown = Object.entries(args).map(([name, value]) => `${name}: ${shorten(value)}`);
    return { name: parsed.name, args, text: `${parsed.name}(${shown.join(", ")})` };
  }
  return undefined;
}

function argumentsOf({ inputs }: FunctionFragment, values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map(({ name }, i) => [name === "" ? String(i) : name, values[i]]));
}

function shorten(value: unknown): string {
  const text = String(value);
  if (!/^0x([0-9a-f]{2})*$/i.test(text)) return typeof value === "string" ? JSON.stringify(value) : text;
  return text.length <= SHOWN ? text : `${text.slice(0, 18)}… (${dataLength(text)} bytes)`;
}
