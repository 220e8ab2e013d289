import { isHexString, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult } from "ethers";

import type { Answer } from "./post.js";

export type RpcResponse = JsonRpcResult | JsonRpcError;

/** Why an endpoint's answer is of no use. */
export interface Failure {
  /** What happened, to follow "found". */
  reason: string;
  /** Whether the endpoint may have carried out what it was asked. */
  carriedOut: boolean;
  /** Whether it will be the same the next time. */
  lasting: boolean;
  /** Seconds the endpoint asks to wait. */
  retryAfter?: number;
  /** Whether the endpoint knows less of the chain than was seen before. */
  behind?: boolean;
  /** Whether the endpoint is on another chain. */
  wrongChain?: boolean;
}

export type Outcome = { responses: RpcResponse[] } | Failure;

/** A limit on requests, in words that nodes and providers use; not one on how many logs a request may find. */
const LIMITED = /too many requests|rate.?limit|capacity|throughput|request limit|try again later/i;
/** A block that a node asked for it does not have yet. */
const UNKNOWN_BLOCK = /header not found|unknown block|block not found|header for hash|invalid block tag/i;

/**
 * Whether an answer is one to work with: a response to each call, none of them a refusal that another try or another
 * endpoint would not give.
 * @param calls What was asked.
 * @returns The responses, or why there are none.
 */
export function judgeAnswer(calls: readonly JsonRpcPayload[], { status, body, retryAfter }: Answer): Outcome {
  const wait = retryAfter === undefined ? {} : { retryAfter };
  if (status === 429) return { reason: "too many requests (HTTP 429)", carriedOut: false, lasting: false, ...wait };
  const responses = parse(body);
  const answered = new Set(responses?.map(({ id }) => id));
  if (responses === undefined || !calls.every(({ id }) => answered.has(id))) {
    const lasting = status >= 400 && status < 500 && status !== 408;
    const reason = status === 200 ? "an answer that is none to the question" : `HTTP status ${status}`;
    return { reason, carriedOut: !lasting, lasting, ...wait };
  }
  for (const response of responses) {
    if (!("error" in response)) continue;
    const { code, message = "" } = response.error;
    if (code === 429 || LIMITED.test(message)) {
      return { reason: `too many requests (${message})`, carriedOut: false, lasting: false, ...wait };
    }
    if (UNKNOWN_BLOCK.test(message) && !asksFinalized(calls, response)) return behind(message);
  }
  return { responses };
}

/**
 * The chain that an endpoint says it is on.
 * @param responses To `eth_chainId` alone.
 * @returns Its id, or in words what was answered instead: that says nothing about the chain.
 */
export function chainIn([response]: readonly RpcResponse[]): bigint | string {
  if (response !== undefined && "error" in response) return `the error "${response.error.message ?? ""}"`;
  const result: unknown = response?.result;
  return isHexString(result) && result !== "0x" ? BigInt(result) : "no chain id";
}

/** The failure of an endpoint that knows less of the chain than was seen before. */
export function behind(reason: string): Failure {
  return { reason, carriedOut: true, lasting: false, behind: true };
}

/**
 * The newest block that responses tell of.
 * @returns The block of the chain's head where a call asked for it, and the highest block that any response mentions.
 */
export function blocksIn(
  calls: readonly JsonRpcPayload[],
  responses: readonly RpcResponse[],
): { head?: number; mentioned: number } {
  let head: number | undefined;
  let mentioned = 0;
  for (const { id, method, params } of calls) {
    const response = responses.find((one) => one.id === id);
    if (response === undefined || "error" in response) continue;
    const block = blockIn(method, response.result);
    if (block === undefined) continue;
    mentioned = Math.max(mentioned, block);
    const asksHead = method === "eth_blockNumber" || (Array.isArray(params) && params[0] === "latest");
    if (asksHead) head = block;
  }
  return head === undefined ? { mentioned } : { head, mentioned };
}

/** Whether a response is to a question for the finalized block, which a node in sync may not know. */
function asksFinalized(calls: readonly JsonRpcPayload[], { id }: RpcResponse): boolean {
  const params = calls.find((call) => call.id === id)?.params;
  return Array.isArray(params) && params.includes("finalized");
}

function blockIn(method: string, result: unknown): number | undefined {
  const field = (name: string): unknown =>
    typeof result === "object" && result !== null ? (result as Record<string, unknown>)[name] : undefined;
  const found =
    method === "eth_blockNumber"
      ? result
      : method === "eth_getBlockByNumber"
        ? field("number")
        : method === "eth_getTransactionReceipt"
          ? field("blockNumber")
          : undefined;
  return typeof found === "string" ? Number(found) : undefined;
}

function parse(body: string): RpcResponse[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const list = Array.isArray(value) ? value : [value];
  return list.every(isResponse) ? list : undefined;
}

function isResponse(value: unknown): value is RpcResponse {
  if (typeof value !== "object" || value === null || !("id" in value)) return false;
  if ("result" in value) return true;
  const error = "error" in value ? value.error : undefined;
  return typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";
}
