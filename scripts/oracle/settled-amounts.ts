import type { TransactionReceipt } from "ethers";

import type { StakingTournament } from "../../typechain-types/index.js";
import { wordsOf } from "./event-words.js";

/** What settling gave and took; NMR and ether in wei. */
export interface SettledAmounts {
  /** Stakes settled. */
  settled: number;
  /** NMR that went back. */
  returned: bigint;
  /** NMR that was destroyed when the round was resolved. */
  burned: bigint;
  /** Ether. */
  etherPaid: bigint;
  /** NMR paid as bonus. */
  bonus: bigint;
}

export const NOTHING_SETTLED: SettledAmounts = { settled: 0, returned: 0n, burned: 0n, etherPaid: 0n, bonus: 0n };

/** What a transaction settled, by its events. */
export function settledAmounts(tournament: StakingTournament, { logs }: TransactionReceipt): SettledAmounts {
  const { topicHash } = tournament.interface.getEvent("StakeSettled");
  return logs
    .filter(({ topics }) => topics[0] === topicHash)
    .map(({ data }): SettledAmounts => {
      const [, returned = 0n, burned = 0n, etherPaid = 0n, bonus = 0n] = wordsOf(data);
      return { settled: 1, returned, burned, etherPaid, bonus };
    })
    .reduce(addAmounts, NOTHING_SETTLED);
}

export function addAmounts(a: SettledAmounts, b: SettledAmounts): SettledAmounts {
  return {
    settled: a.settled + b.settled,
    returned: a.returned + b.returned,
    burned: a.burned + b.burned,
    etherPaid: a.etherPaid + b.etherPaid,
    bonus: a.bonus + b.bonus,
  };
}
