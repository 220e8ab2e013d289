import type { IncomingHttpHeaders } from "node:http";

import { getAddress, id, recoverAddress, TypedDataEncoder, type Signer } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { VoucherDomain } from "../../sdk/usage-voucher.js";
import type { Program } from "./sandbox.js";

/** A program as it travels: contents in base64. */
export interface ProgramBody {
  runtime: Program["runtime"];
  entry: string;
  files: { path: string; content: string }[];
}

/** What a user signs to have a job run: without it, strangers could run jobs on a user's credit. */
export interface JobRequest {
  providerId: bigint;
  user: string;
  /** {@link hashOf} the program. */
  programHash: string;
  /** Last second in which the job can be started, in Unix time. */
  validUntil: bigint;
}

const TYPES = {
  JobRequest: [
    { name: "providerId", type: "uint256" },
    { name: "user", type: "address" },
    { name: "programHash", type: "bytes32" },
    { name: "validUntil", type: "uint40" },
  ],
};

const domainOf = ({ chainId, escrow }: VoucherDomain) => ({
  name: "ComputeEscrow",
  version: "1",
  chainId,
  verifyingContract: escrow,
});

/** Hash of a program with all its files. */
export function hashOf({ runtime, entry, files }: ProgramBody): string {
  return id(JSON.stringify([runtime, entry, files.map(({ path, content }) => [path, content])]));
}

/** What a request's headers must look like: it is checked before its body is read. */
const HEADERS = {
  "numeraire-user": /^0x[0-9a-f]{40}$/i,
  "numeraire-program-hash": /^0x[0-9a-f]{64}$/,
  "numeraire-valid-until": /^\d{1,12}$/,
  "numeraire-signature": /^0x[0-9a-f]{0,4096}$/i,
} as const;

/** A request as it travels: in the headers, with the program as the body. */
export function requestHeaders(request: JobRequest, signature: string): Record<keyof typeof HEADERS, string> {
  return {
    "numeraire-user": request.user,
    "numeraire-program-hash": request.programHash,
    "numeraire-valid-until": request.validUntil.toString(),
    "numeraire-signature": signature,
  };
}

/**
 * The request that headers carry, to a provider, with its signature; neither is checked.
 * @throws {NumeraireError} when one is missing or malformed.
 */
export function readRequest(
  headers: IncomingHttpHeaders,
  providerId: bigint,
): { request: JobRequest; signature: string } {
  const read = (name: keyof typeof HEADERS): string => {
    const value = String(headers[name]);
    if (HEADERS[name].test(value)) return value;
    throw new NumeraireError(`job request, header ${name}: found ${value}, expected ${HEADERS[name].source}`, {
      hint: "Send user, program hash, end and signature in the request's headers.",
    });
  };
  const request = {
    providerId,
    user: getAddress(read("numeraire-user").toLowerCase()),
    programHash: read("numeraire-program-hash"),
    validUntil: BigInt(read("numeraire-valid-until")),
  };
  return { request, signature: read("numeraire-signature") };
}

/** Signs a request. */
export async function signRequest(
  signer: Pick<Signer, "signTypedData">,
  domain: VoucherDomain,
  request: JobRequest,
): Promise<string> {
  return signer.signTypedData(domainOf(domain), TYPES, { ...request });
}

/**
 * Who signed a request.
 * @throws {NumeraireError} when the signature is malformed.
 */
export function requestSigner(domain: VoucherDomain, request: JobRequest, signature: string): string {
  try {
    return recoverAddress(TypedDataEncoder.hash(domainOf(domain), TYPES, { ...request }), signature);
  } catch (cause) {
    throw new NumeraireError(`job request: found signature ${signature}, expected 65 bytes`, {
      hint: "Sign the request with the user's key or a session key.",
      cause,
    });
  }
}
