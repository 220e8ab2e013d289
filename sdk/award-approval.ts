import { TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";

/** What a reviewer signs so that anybody can redeem an award. */
export interface AwardApproval {
  bountyId: bigint;
  /** Number of the submission in the bounty. */
  submissionId: bigint;
  /** Accounts to pay, at most 16, all different. */
  payees: string[];
  /** NMR for each of them, in wei. */
  amounts: bigint[];
  /** Seconds over which the awards vest; zero pays at once. */
  vestingSeconds: bigint;
  /** Any number the reviewer has not used yet. */
  nonce: bigint;
  /** Last second in which the approval can be redeemed. */
  deadline: bigint;
}

/** Fields of the EIP-712 type, in the contract's order; wallets show them by these names. */
export const AWARD_APPROVAL_TYPES: Record<string, TypedDataField[]> = {
  AwardApproval: [
    { name: "bountyId", type: "uint256" },
    { name: "submissionId", type: "uint256" },
    { name: "payees", type: "address[]" },
    { name: "amounts", type: "uint96[]" },
    { name: "vestingSeconds", type: "uint32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** The EIP-712 domain of a deployed `BountyGrants`. */
export function awardApprovalDomain(chainId: bigint, bounties: string): TypedDataDomain {
  return { name: "Numeraire Bounty Grants", version: "1", chainId, verifyingContract: bounties };
}

/** The 32-byte hash that the reviewer signs, equal to the contract's `approvalHash`. */
export function awardApprovalHash(domain: TypedDataDomain, approval: AwardApproval): string {
  return TypedDataEncoder.hash(domain, AWARD_APPROVAL_TYPES, approval);
}
