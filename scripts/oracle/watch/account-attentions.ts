import { formatEther } from "../../../sdk/units.js";
import type { Attention } from "./attentions.js";
import type { Head } from "./head.js";
import type { Memory } from "./memory.js";

/**
 * What a person has to know of the account.
 * @param needed Gas that the rounds may still take.
 */
export function accountAttentions(head: Head, memory: Memory, needed: bigint): Attention[] {
  const { account, balance, gasPrice, members } = head;
  const found: Attention[] = [];
  const cost = needed * gasPrice;
  if (balance < cost) {
    const message = `account ${account} has ${formatEther(balance)} ether, and the open rounds may take ${formatEther(cost)}: send it more`;
    found.push({ kind: "low-balance", message });
  }
  const isMember = members.some((member) => member.toLowerCase() === account.toLowerCase());
  if (memory.wasMember && !isMember) {
    const message = `account ${account} was a committee member and is none any more: it can only finalize, settle, sweep and void`;
    found.push({ kind: "not-a-member", message });
  }
  memory.wasMember ||= isMember;
  return found;
}
