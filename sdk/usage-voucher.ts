import { recoverAddress, Signature, TypedDataEncoder, type Signer, type TypedDataDomain } from "ethers";

import { NumeraireError } from "./numeraire-error.js";

/** A user's promise to pay a provider of computing power. */
export interface UsageVoucher {
  providerId: bigint;
  /** Account whose channel pays. */
  user: string;
  /** NMR the provider has earned in this channel so far, in wei; a later voucher takes the place of earlier ones. */
  cumulative: bigint;
  /** Merkle root of the metering lines that the amount is for, 32 bytes as hex. */
  usageRoot: string;
  /** Last second in which the voucher is paid, in Unix time. */
  validUntil: bigint;
}

/** The escrow that a voucher is for: a signature is worth nothing on another chain or with another contract. */
export interface VoucherDomain {
  chainId: bigint;
  /** Address of the ComputeEscrow. */
  escrow: string;
}

/** EIP-712 types of a voucher, as wallets show them. */
export const USAGE_VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "providerId", type: "uint256" },
    { name: "user", type: "address" },
    { name: "cumulative", type: "uint96" },
    { name: "usageRoot", type: "bytes32" },
    { name: "validUntil", type: "uint40" },
  ],
};

/**
 * Signs a voucher.
 * @param signer The user, or a session key of the user.
 * @returns The signature, 65 bytes as hex.
 */
export async function signVoucher(
  signer: Pick<Signer, "signTypedData">,
  domain: VoucherDomain,
  voucher: UsageVoucher,
): Promise<string> {
  return signer.signTypedData(typedDataDomain(domain), USAGE_VOUCHER_TYPES, { ...voucher });
}

/** The hash that is signed, 32 bytes as hex; what a contract wallet is asked about (ERC-1271). */
export function voucherDigest(domain: VoucherDomain, voucher: UsageVoucher): string {
  return TypedDataEncoder.hash(typedDataDomain(domain), USAGE_VOUCHER_TYPES, { ...voucher });
}

/**
 * The account that signed a voucher; a signature of anything else gives an address nobody has.
 * @throws {NumeraireError} when the contract would not read the signature: it takes 65 bytes that end in 27 or 28, with
 * a low s, where libraries take other spellings too.
 */
export function voucherSigner(domain: VoucherDomain, voucher: UsageVoucher, signature: string): string {
  if (canonical(signature) !== signature.toLowerCase()) {
    throw new NumeraireError(`voucher signature: found ${signature}, expected the 65 bytes r, s and v (27 or 28)`, {
      hint: "Sign the voucher with signVoucher; signatures of contract wallets are checked by the contract alone.",
    });
  }
  return recoverAddress(voucherDigest(domain, voucher), signature);
}

function canonical(signature: string): string | undefined {
  try {
    return Signature.from(signature).serialized;
  } catch {
    return undefined;
  }
}

function typedDataDomain({ chainId, escrow }: VoucherDomain): TypedDataDomain {
  return { name: "ComputeEscrow", version: "1", chainId, verifyingContract: escrow };
}
