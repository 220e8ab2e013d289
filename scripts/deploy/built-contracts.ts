import { Interface, type InterfaceAbi } from "ethers";

import { artifacts } from "../../deploy/_deploy.js";
import type { CompiledCode } from "../chain/masked-code.js";
import type { CallOrCreation } from "../chain/send.js";

/** A contract as it was built. */
export interface BuiltContract extends CompiledCode {
  contractName: string;
  bytecode: string;
  interface: Interface;
}

const built: BuiltContract[] = Object.values(artifacts).map((artifact) => ({
  ...(artifact as unknown as CompiledCode & { contractName: string; bytecode: string }),
  interface: new Interface(artifact.abi as unknown as InterfaceAbi),
}));

/** The contract that a creation's data makes. */
export function contractCreatedBy(data: string): BuiltContract | undefined {
  return built.find(({ bytecode }) => bytecode !== "0x" && data.startsWith(bytecode));
}

/** What a transaction of a deploy script does, in words: "deploy Numeraire", "AccessManager.grantRole". */
export function stepOf({ to, data }: CallOrCreation): string {
  if (to === undefined) return `deploy ${contractCreatedBy(data)?.contractName ?? "a contract of another build"}`;
  for (const { contractName, interface: abi } of built) {
    const called = abi.getFunction(data.slice(0, 10));
    if (called !== null) return `${contractName}.${called.name}`;
  }
  return `call ${to}`;
}
