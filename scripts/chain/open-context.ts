import { connectSuite } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { stateFolder } from "./account-journal.js";
import { connect } from "./connect.js";
import { endpointsOf } from "./endpoints.js";
import { readDeployment } from "./deployments.js";
import { networkNamed } from "./networks.js";
import type { Context } from "./context.js";
import type { RpcProvider } from "./rpc-provider.js";
import { openSigner, type SignerChoice } from "./signers/open-signer.js";
import { streamLog } from "../terminal/log.js";

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
 * @param environment NUMERAIRE_RPC_URL or the network's own variable, one URL or several with commas between them, come
 * before the network's address; NUMERAIRE_STATE_DIR is where journals and locks are kept; keys and passwords are those
 * of openSigner.
 * @throws {NumeraireError} when the network or deployment is unknown, the node does not answer or has another chain, or
 * the account cannot be opened.
 */
export async function openContext(
  { network, signer: choice }: ContextOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<OpenContext> {
  const known = networkNamed(network);
  const urls = endpointsOf(network, environment);
  const { addresses, chainId, fromBlock } = await readDeployment(network);
  const log = streamLog(process.stderr);
  const provider = await connect({ network, urls, chainId }, log);
  try {
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

/** A development node that was started again keeps its chain id and loses its contracts. */
async function checkCode(provider: RpcProvider, tournament: string, network: string): Promise<void> {
  if ((await provider.getCode(tournament)) !== "0x") return;
  throw new NumeraireError(`${network}: found no contract at ${tournament}, expected the recorded StakingTournament`, {
    hint: `Was the node started again? Deploy once more: npm run deploy -- --network ${network}.`,
  });
}
