import { readFile } from "node:fs/promises";

import { isAddress, isHexString, type TypedDataDomain, type TypedDataField } from "ethers";

import { AWARD_APPROVAL_TYPES, type AwardApproval } from "../../sdk/award-approval.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

/** An award that a reviewer signed, or still has to, as it is kept in a file. */
export interface ApprovalFile {
  /** Account that has to sign. */
  reviewer: string;
  /** What wallets show and sign; every number is a decimal string. */
  typedData: {
    domain: TypedDataDomain;
    types: Record<string, TypedDataField[]>;
    primaryType: "AwardApproval";
    message: Record<keyof AwardApproval, string | string[]>;
  };
  /** EIP-712 hash of it. */
  hash: string;
  /** Empty until it is signed. */
  signature: string;
}

/** What wallets show and sign. */
export function typedData(domain: TypedDataDomain, approval: AwardApproval): ApprovalFile["typedData"] {
  const { bountyId, submissionId, payees, amounts, vestingSeconds, nonce, deadline } = approval;
  return {
    domain: { ...domain, chainId: String(domain.chainId) },
    types: AWARD_APPROVAL_TYPES,
    primaryType: "AwardApproval",
    message: {
      bountyId: bountyId.toString(),
      submissionId: submissionId.toString(),
      payees: [...payees],
      amounts: amounts.map(String),
      vestingSeconds: vestingSeconds.toString(),
      nonce: nonce.toString(),
      deadline: deadline.toString(),
    },
  };
}

/** What a file asks for, as it was read. */
export interface ReadApproval {
  approval: AwardApproval;
  chainId: bigint;
  /** Contract that it is for. */
  bounties: string;
  signature: string;
}

/**
 * Reads a file that sign-award wrote.
 * @throws {NumeraireError} when it cannot be read or is none.
 */
export async function readApprovalFile(path: string): Promise<ReadApproval> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NumeraireError(`${path}: found no readable file, expected the approval of an award`, {
      hint: "Give the path of the file that sign-award wrote.",
      cause,
    });
  });
  try {
    const file = JSON.parse(text) as ApprovalFile;
    const { domain, message } = file.typedData;
    const number = (name: keyof AwardApproval): bigint => wholeNumber(name, message[name]);
    return {
      approval: {
        bountyId: number("bountyId"),
        submissionId: number("submissionId"),
        payees: list("payees", message.payees).map(address),
        amounts: list("amounts", message.amounts).map((one) => wholeNumber("amounts", one)),
        vestingSeconds: number("vestingSeconds"),
        nonce: number("nonce"),
        deadline: number("deadline"),
      },
      chainId: wholeNumber("chainId", domain.chainId),
      bounties: address(domain.verifyingContract),
      signature: signature(file.signature),
    };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new NumeraireError(`${path}: found ${found}, expected the approval of an award`, {
      hint: "Use the file as sign-award wrote it.",
      cause,
    });
  }
}

function wholeNumber(name: string, value: unknown): bigint {
  if (typeof value === "string" && /^\d{1,78}$/.test(value)) return BigInt(value);
  throw new RangeError(`${name} ${JSON.stringify(value)}`);
}

function list(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new RangeError(`${name} ${JSON.stringify(value)}`);
}

function address(value: unknown): string {
  if (isAddress(value)) return value;
  throw new RangeError(`address ${JSON.stringify(value)}`);
}

function signature(value: unknown): string {
  if (value === "" || isHexString(value)) return value;
  throw new RangeError(`signature ${JSON.stringify(value)}`);
}
