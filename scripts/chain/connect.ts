import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Log } from "../terminal/log.js";
import { RpcProvider } from "./rpc-provider.js";

/** What to connect to. */
export interface Target {
  /** Name of the network, for messages. */
  network: string;
  /** Endpoints in order of preference, at least one. */
  urls: readonly string[];
  chainId: bigint;
}

/**
 * Connects to a network.
 * @throws {NumeraireError} when no endpoint answers, or one is on another chain.
 */
export async function connect({ network, urls, chainId }: Target, log: Log): Promise<RpcProvider> {
  const provider = new RpcProvider(urls, chainId, { log });
  try {
    await provider.checkEndpoints();
    return provider;
  } catch (cause) {
    provider.destroy();
    const { message, hint, exitCode } = toNumeraireError(cause);
    throw new NumeraireError(`connecting to ${network}: ${message}`, { hint, exitCode, cause });
  }
}
