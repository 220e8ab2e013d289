import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import type { Registry } from "prom-client";

import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** How the loop is, for whoever starts it again where it hangs. */
export interface Health {
  /** Seconds since the loop last came forward: a look that ended, or a step within one. */
  idle(): number;
  /** Seconds since a look at which the node answered, or a step of one; undefined before the first. */
  unanswered(): number | undefined;
}

export interface ServeOptions {
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Seconds after which a look that succeeded is too old to be ready. */
  readyWithin: number;
}

export interface Served {
  port: number;
  close(): Promise<void>;
}

/** Seconds without any step after which the loop counts as hanging: longer than any wait for one transaction. */
const LIVE_WITHIN = 3600;

/**
 * Answers `/healthz` (the loop goes on), `/readyz` (the node answered lately) and `/metrics` (Prometheus).
 * @throws {NumeraireError} when the port cannot be had.
 */
export async function serve(registry: Registry, health: Health, options: ServeOptions): Promise<Served> {
  const server = createServer(listener(registry, health, options.readyWithin));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new NumeraireError(`--port: could not listen on ${options.host}:${options.port}: ${cause.message}`, {
          hint: "Choose another port with --port.",
          cause,
        }),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  type?: string;
  body: string;
}

function listener(registry: Registry, health: Health, readyWithin: number): RequestListener {
  const answers: Record<string, () => Answer | Promise<Answer>> = {
    "/healthz": () => judge(health.idle(), LIVE_WITHIN),
    "/readyz": () => judge(health.unanswered(), readyWithin),
    "/metrics": async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
  };
  return (request, response) => {
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""] ?? (() => ({ status: 404, body: "not found" }));
    const wrongMethod = request.method !== "GET" && request.method !== "HEAD";
    void Promise.resolve(wrongMethod ? { status: 405, body: "method not allowed" } : answer()).then(
      ({ status, type = "text/plain; charset=utf-8", body }: Answer) => {
        response.writeHead(status, { "content-type": type });
        response.end(request.method === "HEAD" ? undefined : body.endsWith("\n") ? body : `${body}\n`);
      },
    );
  };
}

function judge(seconds: number | undefined, limit: number): Answer {
  if (seconds === undefined) return { status: 503, body: "not yet: no look has ended" };
  if (seconds <= limit) return { status: 200, body: "ok" };
  return { status: 503, body: `last success ${Math.round(seconds)} s ago, expected at most ${limit}` };
}
