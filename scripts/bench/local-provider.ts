import { Agent } from "node:http";

import { FetchRequest, JsonRpcProvider, Network } from "ethers";

import { DEVELOPMENT_CHAIN_ID } from "../chain/context.js";

/**
 * A provider for a node on this machine.
 * @param url RPC endpoint.
 */
export function localProvider(url: string): JsonRpcProvider {
  const request = new FetchRequest(url);
  // The node closes connections that idle for seconds, and a busy machine may use one at that very moment.
  request.getUrlFunc = FetchRequest.createGetUrlFunc({ agent: new Agent({ keepAlive: false }) });
  return new JsonRpcProvider(request, DEVELOPMENT_CHAIN_ID, {
    staticNetwork: Network.from(DEVELOPMENT_CHAIN_ID),
    // A cached answer could be older than what was just mined.
    cacheTimeout: -1,
  });
}
