import { id } from "ethers";

import type { PlannedCall } from "./planned-call.js";

/** A batch as Safe's Transaction Builder imports it, version 1.0. */
export interface SafeBatch {
  version: "1.0";
  chainId: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  meta: {
    name: string;
    description: string;
    createdFromSafeAddress: string;
    createdFromOwnerAddress: string;
    checksum: string;
  };
  transactions: {
    to: string;
    /** Ether in wei, as a decimal string. */
    value: string;
    data: string;
    contractMethod: null;
    contractInputsValues: null;
  }[];
}

/** What a batch says of itself. */
export interface SafeBatchOrigin {
  chainId: bigint;
  name: string;
  description: string;
  /** Address of the Safe; empty when it is not known. */
  safe: string;
  createdAt: Date;
}

/** Makes the batch of some calls, in their order. A Safe sends them in one transaction, all or none. */
export function safeBatch(calls: readonly PlannedCall[], origin: SafeBatchOrigin): SafeBatch {
  const { chainId, name, description, safe, createdAt } = origin;
  const meta = { name, description, createdFromSafeAddress: safe, createdFromOwnerAddress: "" };
  const batch = {
    version: "1.0" as const,
    chainId: chainId.toString(),
    createdAt: createdAt.getTime(),
    meta,
    transactions: calls.map(({ to, data }) => ({
      to,
      value: "0",
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
  return { ...batch, meta: { ...meta, checksum: batchChecksum(batch) } };
}

/**
 * The checksum that Safe's web app compares a batch with: over everything but the name, which may be changed, and the
 * checksum itself.
 * @param batch A batch, with or without its checksum.
 */
export function batchChecksum(batch: { meta: object; [field: string]: unknown }): string {
  const meta = Object.fromEntries(Object.entries(batch.meta).filter(([key]) => key !== "checksum"));
  return id(serialize({ ...batch, meta: { ...meta, name: null } }));
}

/**
 * Cuts calls into batches that each fit a transaction, in their order.
 * @param limit Most gas a batch may take; a call without planned gas counts as nothing, one above the limit stays alone.
 */
export function splitByGas(calls: readonly PlannedCall[], limit: bigint): PlannedCall[][] {
  const batches: PlannedCall[][] = [];
  let used = 0n;
  for (const call of calls) {
    const gas = call.gas ?? 0n;
    const last = batches.at(-1);
    if (last === undefined || used + gas > limit) {
      batches.push([call]);
      used = gas;
    } else {
      last.push(call);
      used += gas;
    }
  }
  return batches;
}

/** Safe's own text of a value: the sorted names of an object, then its values, a comma after each. */
function serialize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialize).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${JSON.stringify(entries.map(([key]) => key))}${entries.map(([, one]) => `${serialize(one)},`).join("")}}`;
}
