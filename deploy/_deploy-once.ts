import { deploy } from "@rocketh/deploy";
import { Interface, type InterfaceAbi } from "ethers";

import { maskedCode, type CompiledCode } from "../scripts/chain/masked-code.js";
import { NumeraireError } from "../sdk/numeraire-error.js";

type Environment = Parameters<typeof deploy>[0];

/**
 * rocketh's `deploy`, which would put a second contract beside a recorded one of other code or arguments: this one
 * refuses that, and what is on the chain already must be the code of the build.
 */
export const deployOnce: typeof deploy = (environment) => {
  const deployAnyway = deploy(environment);
  return async (name, args, options) => {
    const { artifact } = args;
    const { args: values = [] } = args as { args?: readonly unknown[] };
    refuseOtherRecord(environment, name, {
      bytecode: artifact.bytecode,
      argsData: new Interface(artifact.abi as unknown as InterfaceAbi).encodeDeploy(values),
    });
    const known = environment.getOrNull(name) !== null;
    const deployment = await deployAnyway(name, args, options);
    // What was created just now is what was sent.
    if (known) await refuseOtherCode(environment, name, deployment.address, artifact as unknown as CompiledCode);
    return deployment;
  };
};

/** @throws {NumeraireError} with exit code 2 when the record is of another build, or of other constructor arguments. */
function refuseOtherRecord(
  environment: Environment,
  name: string,
  built: { bytecode: string; argsData: string },
): void {
  const recorded = environment.getOrNull(name);
  if (recorded === null) return;
  if (recorded.bytecode !== built.bytecode) throw otherBuild(environment.name, name, recorded.address, "a record");
  if (recorded.argsData !== built.argsData) {
    throw new NumeraireError(
      `${name}: found a record at ${recorded.address} with other constructor arguments, expected those of the configuration`,
      {
        hint: `Roles and parameters that a constructor fixes cannot be changed by deploying again: restore the ones of the first deploy of ${environment.name}, or deploy a second suite with another deployer, in another folder.`,
        exitCode: 2,
      },
    );
  }
}

/** @throws {NumeraireError} with exit code 2 when the chain has other code than the build, immutables left aside. */
async function refuseOtherCode(
  { name: network, network: { provider } }: Environment,
  name: string,
  address: string,
  built: CompiledCode,
): Promise<void> {
  const code = await provider.request({ method: "eth_getCode", params: [address as `0x${string}`, "latest"] });
  if (maskedCode(code, built) !== maskedCode(built.deployedBytecode, built)) {
    throw otherBuild(network, name, address, code === "0x" ? "no code" : "code");
  }
}

function otherBuild(network: string, name: string, address: string, what: string): NumeraireError {
  const other = what === "no code" ? "" : " of another build";
  return new NumeraireError(`${name}: found ${what}${other} at ${address}, expected the code of this build`, {
    hint: `Check out and build the version that ${network} was deployed from; on a development node, start the node again and deploy anew.`,
    exitCode: 2,
  });
}
