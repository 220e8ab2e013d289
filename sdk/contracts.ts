import { getAddress, isAddress, type ContractRunner } from "ethers";

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
import { NumeraireError } from "./numeraire-error.js";

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
 * @throws {NumeraireError} when an address is missing or none.
 */
export function connectSuite(addresses: SuiteAddresses, runner: ContractRunner): Suite {
  const at = (key: keyof SuiteAddresses): string => {
    const address: string | undefined = addresses[key];
    if (isAddress(address)) return getAddress(address);
    throw new NumeraireError(
      `addresses.${key}: found ${String(address)}, expected the address of ${CONTRACT_NAMES[key]}`,
      {
        hint: "Give all contracts of one deployment: those in the package, or suiteAddresses of the files of a deployment.",
      },
    );
  };
  return {
    nmr: Numeraire__factory.connect(at("nmr"), runner),
    committee: OracleCommittee__factory.connect(at("committee"), runner),
    tournament: StakingTournament__factory.connect(at("tournament"), runner),
    rewards: WeeklyRewards__factory.connect(at("rewards"), runner),
    bounties: BountyGrants__factory.connect(at("bounties"), runner),
    compute: ComputeEscrow__factory.connect(at("compute"), runner),
    authority: AccessManager__factory.connect(at("authority"), runner),
    votes: NumeraireVotes__factory.connect(at("votes"), runner),
    timelock: TimelockController__factory.connect(at("timelock"), runner),
    governor: NumeraireGovernor__factory.connect(at("governor"), runner),
  };
}
