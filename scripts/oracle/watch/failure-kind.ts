import { decodeFailure } from "../../../sdk/decode-error.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { RpcFailure } from "../../chain/rpc-failure.js";
import { NodeOutOfStep } from "./node-out-of-step.js";

/** Ways in which something can fail. */
export const FAILURE_KINDS = ["rpc", "contract", "attention", "refused", "unexpected"] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

const CONNECTION_CODES = new Set([
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "BAD_DATA",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  // ethers' word for an answer of the node that is an error, and no contract's.
  "UNKNOWN_ERROR",
]);

/**
 * What failed: the node (rpc), a contract that refused, something a person must see to (attention), an input that is
 * not right (refused), or the program itself (unexpected).
 */
export function failureKind(error: unknown): FailureKind {
  if (decodeFailure(error) !== undefined) return "contract";
  if (isNodeFailure(error)) return "rpc";
  if (!(error instanceof NumeraireError)) return "unexpected";
  return error.exitCode === 2 ? "attention" : "refused";
}

function isNodeFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RpcFailure || error instanceof NodeOutOfStep) return true;
  if ("code" in error && typeof error.code === "string" && CONNECTION_CODES.has(error.code)) return true;
  return isNodeFailure(error.cause);
}
