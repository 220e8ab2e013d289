import { parametersOf } from "../../deploy/_parameters.js";
import type { Context } from "../chain/context.js";
import { holderNamed, type Holders } from "../governance/holders.js";
import { differences, type Difference } from "../oracle/verify/check.js";

/** Where a number or the committee differs from what the configuration says. */
export async function compareParameters({ network, suite }: Context, holders: Holders): Promise<Difference[]> {
  const declared = parametersOf(network);
  const { committee, governor, nmr, rewards } = suite;
  const members = declared.committee.map((member) => holderNamed(holders, member));
  const listed = (accounts: readonly string[]): string => accounts.toSorted().join(", ");
  return differences([
    ["Numeraire: initial allowance", await nmr.INITIAL_ALLOWANCE(), declared.initialAllowance, "NMR"],
    ["OracleCommittee: members", listed(await committee.members()), listed(members)],
    ["OracleCommittee: quorum", await committee.quorum(), declared.quorum],
    ["WeeklyRewards: weekly budget", await rewards.weeklyBudget(), declared.weeklyBudget, "NMR"],
    ["NumeraireGovernor: voting delay", await governor.votingDelay(), BigInt(declared.votingDelay), "seconds"],
    ["NumeraireGovernor: voting period", await governor.votingPeriod(), BigInt(declared.votingPeriod), "seconds"],
    ["NumeraireGovernor: threshold, bps", await governor.proposalThresholdBps(), declared.proposalThresholdBps],
    ["NumeraireGovernor: quorum, bps", await governor.QUORUM_BPS(), declared.quorumBps],
  ]);
}
