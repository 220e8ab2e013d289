import { NumeraireError } from "../../sdk/numeraire-error.js";

/**
 * RPC endpoints off a setting, in order of preference.
 * @param text One URL or several with commas between them.
 * @param name Name of the setting, for messages.
 * @throws {NumeraireError} for what is no http or https URL.
 */
export function parseEndpoints(text: string, name: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  for (const part of parts) {
    const url = URL.canParse(part) ? new URL(part) : undefined;
    if (url?.protocol !== "http:" && url?.protocol !== "https:") {
      // A URL of another kind may hold a key.
      const found = url === undefined ? `"${part}"` : `a URL that begins with ${url.protocol}`;
      throw new NumeraireError(`${name}: found ${found}, expected the URL of an RPC endpoint`, {
        hint: "Write http:// or https:// and the host, e.g. http://127.0.0.1:8545; several with commas between them.",
      });
    }
  }
  return parts;
}

/** An endpoint as it can be shown: path and name may hold a key. */
export function endpointName(url: string): string {
  return new URL(url).origin;
}
