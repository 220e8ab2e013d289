import { Interface, isHexString, type ErrorDescription } from "ethers";

import {
  AccessManager__factory,
  BountyGrants__factory,
  ComputeEscrow__factory,
  NumeraireGovernor__factory,
  NumeraireVotes__factory,
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
  TimelockController__factory,
  WeeklyRewards__factory,
} from "../typechain-types/index.js";
import { bountyStatusName } from "./bounty-status.js";
import { hintFor } from "./error-hints.js";
import { NumeraireError } from "./numeraire-error.js";
import { roundStatusName } from "./round-status.js";
import { submissionStatusName } from "./submission-status.js";

/** A contract's refusal, in words. */
export interface DecodedError {
  /** Name of the custom error, e.g. "InvalidCut"; "Error" or "Panic" for Solidity's own. */
  name: string;
  /** Arguments by name, amounts and ids as bigint. */
  args: Record<string, unknown>;
  /** What the caller can do about it. */
  hint: string;
}

const interfaces: Interface[] = [
  StakingTournament__factory,
  WeeklyRewards__factory,
  BountyGrants__factory,
  OracleCommittee__factory,
  Numeraire__factory,
  ComputeEscrow__factory,
  AccessManager__factory,
  NumeraireGovernor__factory,
  TimelockController__factory,
  NumeraireVotes__factory,
].map((factory) => new Interface(factory.abi));

/** Errors with a status in them: ABIs name enums by their number alone. */
const statusNames: Readonly<Record<string, (status: bigint) => string>> = {
  UnexpectedRoundStatus: roundStatusName,
  RoundNotSettleable: roundStatusName,
  BountyNotOpen: bountyStatusName,
  BountyNotReviewable: bountyStatusName,
  BountyNotOverdue: bountyStatusName,
  BountyNotClosed: bountyStatusName,
  SubmissionNotPending: submissionStatusName,
};

/** How deep providers bury revert data inside their errors. */
const MAX_DEPTH = 6;

/**
 * What revert data of any contract of the suite means.
 * @param data Revert data as hex.
 * @returns Undefined when no contract of the suite declares such an error.
 */
export function decodeError(data: string): DecodedError | undefined {
  for (const candidate of interfaces) {
    const parsed = parse(candidate, data);
    if (parsed !== null) return describe(parsed);
  }
  return undefined;
}

/**
 * What a provider's error means, when a contract of the suite refused.
 * @param error What was thrown.
 * @returns Undefined for every other failure.
 */
export function decodeFailure(error: unknown): DecodedError | undefined {
  const data = findRevertData(error);
  return data === undefined ? undefined : decodeError(data);
}

/**
 * Any failure as a {@link NumeraireError}: a contract's refusal by name and arguments, with a hint; what is one
 * already is returned as it is.
 * @param error What was thrown.
 * @param doing What failed, to begin the message with, e.g. "postScores for round 3".
 */
export function toNumeraireError(error: unknown, doing?: string): NumeraireError {
  if (error instanceof NumeraireError) return error;
  const prefix = doing === undefined ? "" : `${doing}: `;
  const data = findRevertData(error);
  const decoded = data === undefined ? undefined : decodeError(data);
  if (decoded !== undefined) {
    const args = Object.entries(decoded.args).map(([name, value]) => `${name}: ${String(value)}`);
    return new NumeraireError(`${prefix}the contract refused with ${decoded.name}(${args.join(", ")})`, {
      hint: decoded.hint,
      cause: error,
    });
  }
  if (data !== undefined) {
    return new NumeraireError(`${prefix}the contract refused with unknown data ${data}`, {
      hint: "The address may belong to another contract or version: compare it with the deployment.",
      cause: error,
    });
  }
  return new NumeraireError(prefix + shortMessage(error), { hint: hintForFailure(error), cause: error });
}

function parse(candidate: Interface, data: string): ErrorDescription | null {
  try {
    return candidate.parseError(data);
  } catch {
    return null; // the selector is known, the arguments are not
  }
}

function describe({ name, fragment, args }: ErrorDescription): DecodedError {
  const named = fragment.inputs.map((input, i): [string, unknown] => {
    const value: unknown = args[i];
    const statusName = input.type === "uint8" ? statusNames[name] : undefined;
    return [
      input.name === "" ? String(i) : input.name,
      statusName !== undefined && typeof value === "bigint" ? statusName(value) : value,
    ];
  });
  return { name, args: Object.fromEntries(named), hint: hintFor(name) };
}

/** Revert data inside a provider's error: its `data`, or that of an error it wraps. */
function findRevertData(error: unknown, depth = 0): string | undefined {
  if (depth > MAX_DEPTH || typeof error !== "object" || error === null) return undefined;
  const { data, ...rest } = Object.fromEntries(
    ["data", "error", "info", "cause", "revert"].map((key) => [key, (error as Record<string, unknown>)[key]]),
  );
  if (typeof data === "string" && isHexString(data) && data.length >= 10) return data;
  for (const inner of [data, ...Object.values(rest)]) {
    const found = findRevertData(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shortMessage(error: unknown): string {
  if (
    typeof error === "object" &&
    error !== null &&
    "shortMessage" in error &&
    typeof error.shortMessage === "string"
  ) {
    return error.shortMessage;
  }
  return error instanceof Error ? error.message : String(error);
}

function hintForFailure(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "NETWORK_ERROR":
    case "TIMEOUT":
    case "SERVER_ERROR":
      return "The node did not answer: check that it runs and that NUMERAIRE_RPC_URL or the network's address is right, then run the command again.";
    case "INSUFFICIENT_FUNDS":
      return "Send ether to the account that signs, then run the command again.";
    default:
      return "If the message does not say enough, run the command again; what was sent already is not sent twice.";
  }
}
