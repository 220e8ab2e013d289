import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** What a server answered. */
export interface Answer {
  status: number;
  body: string;
  /** Seconds the server asks to wait; absent where it does not say. */
  retryAfter?: number;
}

/**
 * Posts JSON over a connection of its own: a server may close one that idles at the very moment it is used again.
 * @param url Where to; a name and password in it are sent as basic authentication.
 * @param signal Ends the exchange at whatever point it is.
 * @throws What the system says when there is no connection or it breaks.
 */
export async function post(url: string, body: string, signal: AbortSignal): Promise<Answer> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const exchange = request(url, { method: "POST", headers, agent: false, signal }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const retryAfter = Number(response.headers["retry-after"]);
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString("utf8"),
          ...(retryAfter > 0 ? { retryAfter } : {}),
        });
      });
    });
    exchange.on("error", reject);
    exchange.end(body);
  });
}
