import {
  OracleCommittee__factory,
  StakingTournament__factory,
  WeeklyRewards__factory,
} from "../../typechain-types/index.js";

const committee = OracleCommittee__factory.createInterface();
const tournament = StakingTournament__factory.createInterface();
const rewards = WeeklyRewards__factory.createInterface();

/** Calls that say what somebody found right when they were signed; all others can come late and do no harm. */
const DECISIONS: ReadonlySet<string> = new Set([
  committee.getFunction("approve").selector,
  tournament.getFunction("beginScoring").selector,
  tournament.getFunction("postScores").selector,
  tournament.getFunction("finalize").selector,
  tournament.getFunction("veto").selector,
  rewards.getFunction("proposeWeek").selector,
  rewards.getFunction("vetoWeek").selector,
]);

/**
 * Whether a call must be decided on anew before it is sent late. The function says so, whatever the contract: the
 * journal may hold calls of another deployment.
 */
export function isDecision(data: string): boolean {
  return DECISIONS.has(data.slice(0, 10));
}
