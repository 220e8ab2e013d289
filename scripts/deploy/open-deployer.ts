import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { getAddress } from "ethers";

import { config } from "../../rocketh.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { stateFolder } from "../chain/account-journal.js";
import { connect } from "../chain/connect.js";
import type { SendingContext } from "../chain/context.js";
import { endpointsOf, parseEndpoints } from "../chain/endpoints.js";
import { hardhatRuntime } from "../chain/hardhat-runtime.js";
import { networkNamed, rpcVariable } from "../chain/networks.js";
import { DEPLOYER_KEY } from "../chain/public-networks.js";
import type { RpcProvider } from "../chain/rpc-provider.js";
import { walletOfKey } from "../chain/signers/environment-key.js";
import { keystorePassword } from "../chain/signers/keystore-password.js";
import type { Log } from "../terminal/log.js";
import { roleHolders, type Holders } from "./role-holders.js";

/** What a deployment works with. */
export interface Deployer extends SendingContext {
  provider: RpcProvider;
  hre: HardhatRuntimeEnvironment;
  holders: Holders;
  /** Folder with a folder of records a network. */
  records: string;
  /** Whether it is a node of this machine, whose accounts deploy and hold the roles. */
  development: boolean;
}

/**
 * Connects to a network as its deployer: on a public one with the key and the roles that the configuration gives, on a
 * development node with the accounts of that node.
 * @param records Folder with a folder of records a network; the working folder's when left out.
 * @throws {NumeraireError} when the network is unknown, endpoint, key or a role is missing or wrong, or the node does not
 * answer or is on another chain; no message holds a key.
 */
export async function openDeployer(
  network: string,
  log: Log,
  environment: NodeJS.ProcessEnv,
  records = "deployments",
): Promise<Deployer> {
  const { chainId, url, confirmations } = networkNamed(network);
  const development = url !== undefined;
  const hre = await hardhatRuntime(network);
  hre.hooks.registerHandlers("userInterruptions", {
    requestSecretInput: () => keystorePassword("Hardhat's keystore", environment),
  });
  const configured = await configuration(hre, network, environment);
  const provider = await connect({ network, urls: configured.urls, chainId: BigInt(chainId) }, log);
  try {
    const common = {
      provider,
      hre,
      development,
      records,
      chainId: BigInt(chainId),
      network,
      log,
      confirmations,
      stateFolder: stateFolder(environment),
    };
    if (configured.key === undefined) {
      const holders = await nodeHolders(provider);
      return { ...common, holders, signer: await provider.getSigner(holders.deployer) };
    }
    const signer = walletOfKey(configured.key, DEPLOYER_KEY, provider);
    return { ...common, signer, holders: roleHolders(signer.address, environment) };
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/** Endpoints and key of a network; a development node needs no key. */
async function configuration(
  hre: HardhatRuntimeEnvironment,
  network: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ urls: string[]; key?: string }> {
  const settings = hre.config.networks[network];
  if (settings?.type !== "http" || settings.accounts === "remote") return { urls: endpointsOf(network, environment) };
  const [account] = Array.isArray(settings.accounts) ? settings.accounts : [];
  const variable = rpcVariable(network);
  const given = [environment["NUMERAIRE_RPC_URL"], environment[variable]].some((setting) => setting?.trim());
  return {
    urls: given ? endpointsOf(network, environment) : parseEndpoints(await read(settings.url, variable), variable),
    key: environment[DEPLOYER_KEY]?.trim() || (await read(account, DEPLOYER_KEY)),
  };
}

/** A configuration variable: of the environment, or of Hardhat's keystore. */
async function read(variable: { get(): Promise<string> } | undefined, name: string): Promise<string> {
  try {
    return (await variable?.get()) ?? "";
  } catch (error) {
    if (error instanceof NumeraireError) throw error;
    // The cause could carry the value.
    throw new NumeraireError(`${name}: found no value, expected one in the environment or in Hardhat's keystore`, {
      hint: `Export ${name}, or store it with npx hardhat keystore set ${name}; docs/deployment.md says more.`,
    });
  }
}

async function nodeHolders(provider: RpcProvider): Promise<Holders> {
  const accounts = (await provider.send("eth_accounts", [])) as string[];
  const holders = Object.entries(config.accounts).map(([name, { default: index }]) => {
    const account = accounts[index];
    if (account === undefined) {
      throw new NumeraireError(
        `${name}: found ${accounts.length} accounts on the node, expected one numbered ${index}`,
        {
          hint: "Use a development node with its accounts unlocked: npm run node.",
        },
      );
    }
    return [name, getAddress(account)] as const;
  });
  return Object.fromEntries(holders) as Holders;
}
