import fastify, { type FastifyInstance } from "fastify";

/** What clients may take of the service, whatever they send or leave unread. */
export interface ConnectionLimits {
  /** Most bytes a request's body may have, where its route does not say otherwise. */
  bodyBytes: number;
  /** Connections at a time; more are closed as they come. */
  count: number;
  /** Milliseconds for the headers of a request, from its first byte or the connection's beginning. */
  headers: number;
  /** Milliseconds for a whole request. */
  request: number;
  /** Milliseconds from the end of the headers to the last byte of the answer. */
  answer: number;
}

/** A server at which nobody holds a connection by sending a byte at a time, or by not reading; it has no routes yet. */
export function openServer({ bodyBytes, count, headers, request, answer }: ConnectionLimits): FastifyInstance {
  const server = fastify({
    bodyLimit: bodyBytes,
    requestTimeout: request,
    // Node looks for late requests now and then only.
    http: { headersTimeout: headers, connectionsCheckingInterval: Math.min(headers, 1_000) },
    keepAliveTimeout: headers,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  server.server.maxConnections = count;
  server.addHook("onRequest", (incoming, reply, done) => {
    const timer = setTimeout(() => incoming.raw.destroy(), answer);
    reply.raw.once("close", () => {
      clearTimeout(timer);
    });
    done();
  });
  return server;
}
