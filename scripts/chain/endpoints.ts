import { unescape } from "node:querystring";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { networkNamed, rpcVariable } from "./networks.js";

const RPC_URL = "NUMERAIRE_RPC_URL";

/**
 * RPC endpoints of a network: those of NUMERAIRE_RPC_URL, else those of the network's own variable, else the node of this
 * machine.
 * @param network Name of the network, e.g. "sepolia".
 * @throws {NumeraireError} when there is no such network, none was given for a public one, or one is no http or https URL.
 */
export function endpointsOf(network: string, environment: NodeJS.ProcessEnv): string[] {
  const { url } = networkNamed(network);
  const own = rpcVariable(network);
  for (const name of [RPC_URL, own]) {
    const setting = environment[name]?.trim();
    if (setting) return parseEndpoints(setting, name);
  }
  if (url !== undefined) return [url];
  throw new NumeraireError(`${network}: found no RPC endpoint, expected one in ${RPC_URL} or ${own}`, {
    hint: `Export the URL that your provider or your own node gives, e.g. ${own}=https://…; docs/deployment.md says more.`,
  });
}

/** Schemes that nodes are reached by as well, and these programs do not use. */
const SOCKETS = ["ws:", "wss:"];
/** Letters of a key; shorter parts of a URL are versions and names. */
const SHORTEST_SECRET = 6;

/**
 * RPC endpoints off a setting, in order of preference.
 * @param text One URL or several with commas between them.
 * @param name Name of the setting, for messages.
 * @throws {NumeraireError} for what is no http or https URL.
 */
export function parseEndpoints(text: string, name: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  for (const [i, part] of parts.entries()) {
    const url = URL.canParse(part) ? new URL(part) : undefined;
    if (url?.protocol === "http:" || url?.protocol === "https:") continue;
    // Whatever it is, it may hold a key: to be told which one it is must do.
    const kind =
      url !== undefined && SOCKETS.includes(url.protocol) ? `a URL that begins with ${url.protocol}` : "none";
    const which = parts.length === 1 ? kind : `${kind} in place ${i + 1} of ${parts.length}`;
    throw new NumeraireError(`${name}: found ${which}, expected the URL of an RPC endpoint`, {
      hint: "Write http:// or https:// and the host, e.g. http://127.0.0.1:8545; several with commas between them.",
    });
  }
  return parts;
}

/** An endpoint as it can be shown: path and name may hold a key. */
export function endpointName(url: string): string {
  return new URL(url).origin;
}

/**
 * What a server said, as it can be shown: some repeat the key they were called with.
 * @param url Endpoint that the text came from; what stands in it beside scheme and host is left out of the text.
 */
export function withoutSecrets(text: string, url: string): string {
  const { username, password, pathname, searchParams } = new URL(url);
  const parts = [username, password, ...pathname.split("/"), ...searchParams.values()];
  return [...parts, ...parts.map(unescape)]
    .filter((part) => part.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, part) => shown.replaceAll(part, "…"), text);
}
