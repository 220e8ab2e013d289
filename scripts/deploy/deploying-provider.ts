import type { RpcProvider } from "../chain/rpc-provider.js";
import type { CallOrCreation } from "../chain/send.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { ScriptRun } from "./run-deploy-scripts.js";

/** How a provider of deploy scripts sends. */
export interface Sending {
  /** The one account that sends. */
  from: string;
  /** Hash of the transaction that created the same contract before, if there is one. */
  find: (data: string) => Promise<string | undefined>;
  /** Sends, waits until it is mined, and gives the hash. */
  send: (call: CallOrCreation) => Promise<string>;
}

interface Outgoing {
  from?: string;
  to?: string;
  data?: string;
  value?: string;
}

/** What deploy scripts read and send through: what they send is found on the chain, or goes the way of every program. */
export function deployingProvider(provider: RpcProvider, { from, find, send }: Sending): ScriptRun["provider"] {
  const ask = (method: string, params: readonly unknown[]): Promise<unknown> => provider.send(method, [...params]);
  return {
    request: async ({ method, params = [] }) => {
      if (method === "eth_accounts") return [from];
      // Some nodes insist on the block.
      if (method === "eth_call") return ask(method, [params[0], params[1] ?? "latest"]);
      if (method !== "eth_sendTransaction") return ask(method, params);
      const { from: sender = "", to, data = "0x", value } = params[0] as Outgoing;
      if (sender.toLowerCase() !== from.toLowerCase() || value !== undefined) {
        throw new NumeraireError(
          `deploy script: found a transaction of ${sender} with ${value ?? "no"} wei, expected one of the deployer ${from} without ether`,
          {
            hint: "The deployer alone deploys and sets up roles; change the script.",
          },
        );
      }
      if (to !== undefined) return send({ to, data });
      return (await find(data)) ?? send({ data });
    },
  };
}
