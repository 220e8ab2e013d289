import { formatEther, formatNmr } from "../../../sdk/units.js";
import type { Context } from "../../chain/context.js";
import { pageLogs } from "../../chain/page-logs.js";
import { readRound } from "../round-state.js";
import type { Check, Difference } from "./check.js";
import type { RoundEvidence } from "./round-evidence.js";

/** What a contract holds, or must hold: NMR and ether, in wei. */
interface Holdings {
  nmr: bigint;
  ether: bigint;
}

/** The tournament holds what all rounds together still owe: unsettled stakes, unspent pools, ether it could not pay. */
export async function checkBalances(context: Context, evidence: RoundEvidence): Promise<Check> {
  const { provider, suite } = context;
  const tournament = await suite.tournament.getAddress();
  const blockTag = evidence.blockNumber;
  const [due, nmr, ether] = await Promise.all([
    readDue(context, evidence),
    suite.nmr.balanceOf(tournament, { blockTag }),
    provider.getBalance(tournament, blockTag),
  ]);
  const short: Difference[] = [];
  if (nmr < due.nmr)
    short.push({ what: "NMR held", expected: `at least ${formatNmr(due.nmr)} NMR`, found: `${formatNmr(nmr)} NMR` });
  if (ether < due.ether) {
    short.push({
      what: "ether held",
      expected: `at least ${formatEther(due.ether)} ether`,
      found: `${formatEther(ether)} ether`,
    });
  }
  return {
    name: "balances",
    detail: `holds ${formatNmr(nmr)} NMR and ${formatEther(ether)} ether; owes ${formatNmr(due.nmr)} and ${formatEther(due.ether)}`,
    differences: short,
  };
}

async function readDue(context: Context, { blockNumber, settlements }: RoundEvidence): Promise<Holdings> {
  const { tournament } = context.suite;
  const { filters } = tournament;
  const range = { from: context.fromBlock, to: blockNumber };
  const [resolved, swept, prizes, bonuses, owed, withdrawn, roundCount] = await Promise.all([
    pageLogs((from, to) => tournament.queryFilter(filters.RoundResolved(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.RemainderSwept(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.PrizeReclaimed(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.BonusReclaimed(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.PaymentOwed(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.OwedWithdrawn(), from, to), range),
    tournament.roundCount({ blockTag: blockNumber }),
  ]);
  const due: Holdings = { nmr: 0n, ether: 0n };
  for (let roundId = 1n; roundId <= roundCount; roundId += 1n) {
    const round = await readRound(tournament, roundId, blockNumber);
    due.nmr += round.totalStaked + round.bonusPool;
    due.ether += round.prizePool;
  }
  for (const { returned, bonus, etherPaid } of settlements) {
    due.nmr -= returned + bonus;
    due.ether -= etherPaid;
  }
  for (const { args } of resolved) due.nmr -= args.burned;
  for (const { args } of swept) {
    due.nmr -= args.bonusAmount;
    due.ether -= args.etherAmount;
  }
  for (const { args } of bonuses) due.nmr -= args.amount;
  for (const { args } of prizes) due.ether -= args.amount;
  for (const { args } of owed) due.ether += args.amount;
  for (const { args } of withdrawn) due.ether -= args.amount;
  return due;
}
