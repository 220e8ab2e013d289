import { getAddress, type ContractRunner } from "ethers";

import {
  AccessManager__factory,
  BountyGrants__factory,
  ComputeEscrow__factory,
  NumeraireGovernor__factory,
  NumeraireVotes__factory,
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
  TimelockController__factory,
  WeeklyRewards__factory,
  type AccessManager,
  type BountyGrants,
  type ComputeEscrow,
  type Numeraire,
  type NumeraireGovernor,
  type NumeraireVotes,
  type OracleCommittee,
  type StakingTournament,
  type TimelockController,
  type WeeklyRewards,
} from "../typechain-types/index.js";

/** The contracts of one deployment, by the names they are compiled and deployed under. */
export const CONTRACT_NAMES = {
  nmr: "Numeraire",
  committee: "OracleCommittee",
  tournament: "StakingTournament",
  rewards: "WeeklyRewards",
  bounties: "BountyGrants",
  compute: "ComputeEscrow",
  authority: "AccessManager",
  votes: "NumeraireVotes",
  timelock: "TimelockController",
  governor: "NumeraireGovernor",
} as const;

/** Where the contracts of one deployment live. */
export type SuiteAddresses = Record<keyof typeof CONTRACT_NAMES, string>;

/**
 * The addresses of one deployment.
 * @param addressOf Address of the contract with a name.
 */
export function suiteAddresses(addressOf: (name: string) => string): SuiteAddresses {
  const addresses = Object.entries(CONTRACT_NAMES).map(([key, name]) => [key, addressOf(name)] as const);
  return Object.fromEntries(addresses) as SuiteAddresses;
}

/** The contracts of one deployment, typed. */
export interface Suite {
  nmr: Numeraire;
  committee: OracleCommittee;
  tournament: StakingTournament;
  rewards: WeeklyRewards;
  bounties: BountyGrants;
  compute: ComputeEscrow;
  authority: AccessManager;
  votes: NumeraireVotes;
  timelock: TimelockController;
  governor: NumeraireGovernor;
}

/**
 * Typed access to a deployment; sends nothing and asks nothing.
 * @param addresses Where the contracts live; in lower case as well, the contracts' own addresses are checksummed.
 * @param runner Provider to read through, or signer to send with as well.
 */
export function connectSuite(addresses: SuiteAddresses, runner: ContractRunner): Suite {
  return {
    nmr: Numeraire__factory.connect(getAddress(addresses.nmr), runner),
    committee: OracleCommittee__factory.connect(getAddress(addresses.committee), runner),
    tournament: StakingTournament__factory.connect(getAddress(addresses.tournament), runner),
    rewards: WeeklyRewards__factory.connect(getAddress(addresses.rewards), runner),
    bounties: BountyGrants__factory.connect(getAddress(addresses.bounties), runner),
    compute: ComputeEscrow__factory.connect(getAddress(addresses.compute), runner),
    authority: AccessManager__factory.connect(getAddress(addresses.authority), runner),
    votes: NumeraireVotes__factory.connect(getAddress(addresses.votes), runner),
    timelock: TimelockController__factory.connect(getAddress(addresses.timelock), runner),
    governor: NumeraireGovernor__factory.connect(getAddress(addresses.governor), runner),
  };
}
