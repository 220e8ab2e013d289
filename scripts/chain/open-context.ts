import { connectSuite } from "../../sdk/contracts.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { stateFolder } from "./account-journal.js";
import { parseEndpoints } from "./endpoints.js";
import { readDeployment } from "./deployments.js";
import { networkNamed } from "./networks.js";
import type { Context } from "./context.js";
import { RpcProvider } from "./rpc-provider.js";
import { openSigner, type SignerChoice } from "./signers/open-signer.js";
import { streamLog } from "../terminal/log.js";

const RPC_URL = "NUMERAIRE_RPC_URL";

/** What the options of a command line say about where and as whom to work. */
export interface ContextOptions {
  network: string;
  /** Account to send from; none is looked for when left out. */
  signer?: SignerChoice | undefined;
}

/** A context with the connection it opened. */
export interface OpenContext extends Context {
  provider: RpcProvider;
}

/**
 * Connects to a network and its deployment.
 * @param options Network by name, and where the account to send from comes from.
 * @param environment NUMERAIRE_RPC_URL, one URL or several with commas between them, comes before the network's
 * address; NUMERAIRE_STATE_DIR is where journals and locks are kept; keys and passwords are those of openSigner.
 * @throws {NumeraireError} when the network or deployment is unknown, the node does not answer or has another chain, or
 * the account cannot be opened.
 */
export async function openContext(
  { network, signer: choice }: ContextOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<OpenContext> {
  const known = networkNamed(network);
  const urls = environment[RPC_URL]?.trim() || known.url;
  const { addresses, chainId, fromBlock } = await readDeployment(network);
  const log = streamLog(process.stderr);
  const provider = new RpcProvider(parseEndpoints(urls, RPC_URL), chainId, { log });
  try {
    await checkChain(provider, network);
    await checkCode(provider, addresses.tournament, network);
    const signer = choice && (await openSigner(choice, { provider, chainId, environment, log }));
    return {
      provider,
      ...(signer === undefined ? {} : { signer }),
      suite: connectSuite(addresses, provider),
      chainId,
      network,
      log,
      fromBlock,
      confirmations: known.confirmations,
      stateFolder: stateFolder(environment),
    };
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

async function checkChain(provider: RpcProvider, network: string): Promise<void> {
  try {
    await provider.checkEndpoints();
  } catch (cause) {
    const { message, hint, exitCode } = toNumeraireError(cause);
    throw new NumeraireError(`connecting to ${network}: ${message}`, { hint, exitCode, cause });
  }
}

/** A development node that was started again keeps its chain id and loses its contracts. */
async function checkCode(provider: RpcProvider, tournament: string, network: string): Promise<void> {
  if ((await provider.getCode(tournament)) !== "0x") return;
  throw new NumeraireError(`${network}: found no contract at ${tournament}, expected the recorded StakingTournament`, {
    hint: `Was the node started again? Deploy once more: npm run deploy -- --network ${network}.`,
  });
}
