import { unescape } from "node:querystring";

import { NumeraireError } from "../../sdk/numeraire-error.js";

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
