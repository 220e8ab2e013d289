import { NodeOutOfStep } from "./node-out-of-step.js";

/** The newest block that a look has seen. */
export interface NewestBlock {
  number: number;
  /** Milliseconds since 1970 at which the node last had it, or a newer one. */
  seenAt: number;
}

/** Milliseconds after which a node that stays behind is believed: the chain may have lost blocks for good. */
const BELIEVED_AFTER = 15 * 60_000;

/**
 * The newest block seen, after another look.
 * @param before That of the looks before; undefined at the first.
 * @param block Number of the newest block of this look.
 * @param now Milliseconds since 1970.
 * @throws {NodeOutOfStep} when the node is behind what was seen before: it does not know what happened since.
 */
export function newestBlock(before: NewestBlock | undefined, block: number, now: number): NewestBlock {
  if (before !== undefined && block < before.number && now - before.seenAt < BELIEVED_AFTER) {
    throw new NodeOutOfStep(`found block ${block} to be the newest, expected ${before.number}, which was seen before`);
  }
  return { number: block, seenAt: now };
}
