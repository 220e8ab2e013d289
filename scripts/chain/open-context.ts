import { JsonRpcProvider, Network, Wallet, getAddress, isAddress, type Signer } from "ethers";

import { connectSuite } from "../../sdk/contracts.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { readDeployment } from "./deployments.js";
import { networks, type Network as KnownNetwork } from "./networks.js";
import { DEVELOPMENT_CHAIN_ID, type Context } from "./context.js";
import { streamLog } from "../terminal/log.js";

/** What the options of a command line say about where and as whom to work. */
export interface ContextOptions {
  network: string;
  /** Account of the node's to send from; development chains only. */
  account?: string | undefined;
}

/** A context with the connection it opened. */
export interface OpenContext extends Context {
  provider: JsonRpcProvider;
}

/**
 * Connects to a network and its deployment.
 * @param options Network by name, and the account where the node signs.
 * @param environment NUMERAIRE_RPC_URL comes before the network's address; NUMERAIRE_PRIVATE_KEY is the key to sign with.
 * @throws {NumeraireError} when the network or deployment is unknown, the node does not answer or has another chain.
 */
export async function openContext(
  { network, account }: ContextOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<OpenContext> {
  const known = networkNamed(network);
  const url = environment["NUMERAIRE_RPC_URL"] ?? known.url;
  const { addresses, chainId, fromBlock } = await readDeployment(network);
  const provider = new JsonRpcProvider(url, chainId, {
    // Without it, a node that does not answer is asked for its chain id for ever.
    staticNetwork: Network.from(chainId),
    // A cached answer could be older than what was just mined.
    cacheTimeout: -1,
  });
  try {
    await checkChain(provider, chainId, network);
    await checkCode(provider, addresses.tournament, network);
    const signer = await makeSigner(provider, chainId, account, environment);
    return {
      provider,
      ...(signer === undefined ? {} : { signer }),
      suite: connectSuite(addresses, provider),
      chainId,
      network,
      log: streamLog(process.stderr),
      fromBlock,
      confirmations: known.confirmations,
    };
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/**
 * The account to sign with: the environment's key, or on a development chain an account of the node.
 * @returns Undefined where neither is given.
 * @throws {NumeraireError} for a malformed key or address; the message never holds the key.
 */
export async function makeSigner(
  provider: JsonRpcProvider,
  chainId: bigint,
  account: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Signer | undefined> {
  const key = environment["NUMERAIRE_PRIVATE_KEY"];
  if (key !== undefined && key !== "") return walletOf(key, provider, account);
  if (account === undefined) return undefined;
  // Not a type guard here: what is no address is still a text to show.
  const valid: boolean = isAddress(account);
  if (!valid) {
    throw new NumeraireError(`--account: found "${account}", expected an address`, {
      hint: "Give an account of the node; never a key.",
    });
  }
  if (chainId !== DEVELOPMENT_CHAIN_ID) {
    throw new NumeraireError(`--account: found chain ${chainId.toString()}, expected a development chain (31337)`, {
      hint: "Put the account's key in NUMERAIRE_PRIVATE_KEY.",
    });
  }
  try {
    return await provider.getSigner(getAddress(account));
  } catch (error) {
    throw new NumeraireError(`--account: found no account ${account} on the node`, {
      hint: "Choose one of the accounts that the node lists when it starts.",
      cause: error,
    });
  }
}

function walletOf(key: string, provider: JsonRpcProvider, account: string | undefined): Wallet {
  let wallet: Wallet;
  try {
    wallet = new Wallet(key, provider);
  } catch {
    // The cause would carry the key.
    throw new NumeraireError("NUMERAIRE_PRIVATE_KEY: found no private key, expected 32 bytes as hex", {
      hint: "Export the key of the account again; it is never printed.",
    });
  }
  if (account !== undefined && account.toLowerCase() !== wallet.address.toLowerCase()) {
    throw new NumeraireError(`--account: found ${account}, expected ${wallet.address}, the account of the key`, {
      hint: "Leave --account out, or unset NUMERAIRE_PRIVATE_KEY.",
    });
  }
  return wallet;
}

function networkNamed(name: string): KnownNetwork {
  const known = Object.entries<KnownNetwork>(networks).find(([key]) => key === name)?.[1];
  if (known === undefined) {
    throw new NumeraireError(`--network: found "${name}", expected one of ${Object.keys(networks).join(", ")}`, {
      hint: "Networks are listed in scripts/chain/networks.ts.",
    });
  }
  return known;
}

async function checkChain(provider: JsonRpcProvider, expected: bigint, network: string): Promise<void> {
  let found: bigint;
  try {
    found = BigInt(String(await provider.send("eth_chainId", [])));
  } catch (error) {
    throw toNumeraireError(error, `connecting to ${network}`);
  }
  if (found !== expected) {
    throw new NumeraireError(`${network}: found chain ${found.toString()}, expected ${expected.toString()}`, {
      hint: "NUMERAIRE_RPC_URL points to another chain than the deployment was made on.",
    });
  }
}

/** A development node that was started again keeps its chain id and loses its contracts. */
async function checkCode(provider: JsonRpcProvider, tournament: string, network: string): Promise<void> {
  if ((await provider.getCode(tournament)) !== "0x") return;
  throw new NumeraireError(`${network}: found no contract at ${tournament}, expected the recorded StakingTournament`, {
    hint: `Was the node started again? Deploy once more: npm run deploy -- --network ${network}.`,
  });
}
