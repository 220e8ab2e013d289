import { expect } from "chai";
import { EventLog, Interface, type FunctionFragment } from "ethers";

import {
  BountyGrants__factory,
  ComputeEscrow__factory,
  NumeraireGovernor__factory,
  NumeraireVotes__factory,
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
  TimelockController__factory,
  WeeklyRewards__factory,
} from "../../typechain-types/index.js";
import { addressOf } from "../fixtures/address-of.js";
import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { people } from "../fixtures/people.js";
import { zeroArguments } from "../fixtures/zero-arguments.js";

/** The role that nobody needs to be granted. */
const PUBLIC_ROLE = 2n ** 64n - 1n;
const ADMIN_ROLE = 0n;

/** Who may call what (CONTRACTS §7), with the ids that roles have on chain. */
const ROLES: readonly Role[] = [
  { label: "MINTER", id: 1n, holders: ["minter", "rewards"], functions: { nmr: ["mint"] } },
  { label: "ROUND_MANAGER", id: 2n, holders: ["roundManager"], functions: { tournament: ["openRound"] } },
  {
    label: "GUARDIAN",
    id: 3n,
    holders: ["guardian"],
    functions: { tournament: ["cancelRound", "veto"], rewards: ["vetoWeek"] },
  },
  {
    label: "COMMITTEE_ADMIN",
    id: 4n,
    holders: ["deployer"],
    functions: { committee: ["addMember", "removeMember", "setQuorum"] },
  },
];

/** What is restricted and in no role's hands is the admin's. */
const ADMINS: Readonly<Partial<Record<ContractName, readonly string[]>>> = {
  rewards: ["setWeeklyBudget"],
};

/**
 * Everything else that changes state, reviewed: each guards itself. A function that is new belongs here only when
 * anybody may call it, or when it checks its caller.
 */
const REVIEWED = {
  nmr: [
    "approve", // the caller's own NMR, as in the next six
    "approveAndCall", // without data, and with them
    "approveAndCall",
    "burn",
    "transfer",
    "transferAndCall", // without data, and with them
    "transferAndCall",
    "burnFrom", // within an allowance, as in the next three
    "transferFrom",
    "transferFromAndCall", // without data, and with them
    "transferFromAndCall",
    "permit", // by the holder's signature
    "setAuthority", // the AccessManager alone
  ],
  committee: [
    "approve", // members
    "revokeApproval", // members
    "setAuthority", // the AccessManager alone
  ],
  tournament: [
    "registerModel", // anybody
    "setPayee", // the model's payee
    "offerModel", // the model's owner
    "acceptModel", // whoever the model is offered to
    "fundPrize", // anybody, its own ether
    "fundBonus", // anybody, its own NMR
    "stake", // the model's owner, as in the next four
    "stakeWithPermit",
    "raiseStake",
    "commitPredictions",
    "restake",
    "onTransferReceived", // NMR alone
    "beginScoring", // members
    "postScores", // the attempt's proposer
    "finalize", // anybody, once the committee approved
    "voidRound", // anybody, once overdue
    "settle", // anybody; pays the payees
    "reclaimPrize", // a sponsor's own contribution, as in the next
    "reclaimBonus",
    "sweepRemainder", // anybody; pays the treasury
    "withdrawOwed", // what the caller is owed
    "setAuthority", // the AccessManager alone
  ],
  rewards: [
    "proposeWeek", // members
    "activateWeek", // anybody, once the committee approved
    "claim", // anybody; pays the accounts, as does the next
    "claimMany",
    "setAuthority", // the AccessManager alone
  ],
  bounties: [
    "post", // anybody, its own NMR, as in the next two
    "postWithPermit",
    "fund",
    "onTransferReceived", // NMR alone
    "submit", // anybody
    "award", // the bounty's reviewer, as in the next
    "reject",
    "awardBySig", // anybody, by the reviewer's signature
    "revokeApproval", // a nonce of the caller's own
    "release", // anybody; pays the grant's payee
    "extend", // the bounty's issuer, as in the next two
    "announceCancel",
    "cancel",
    "expire", // anybody, once overdue
    "reclaim", // a funder's own share
  ],
} as const;

const interfaces = {
  nmr: new Interface(Numeraire__factory.abi),
  committee: new Interface(OracleCommittee__factory.abi),
  tournament: new Interface(StakingTournament__factory.abi),
  rewards: new Interface(WeeklyRewards__factory.abi),
  bounties: new Interface(BountyGrants__factory.abi),
} as const;
type ContractName = keyof typeof interfaces;
const contracts = Object.keys(interfaces) as ContractName[];

/** Contracts with functions that are restricted to roles. */
const governed = ["nmr", "committee", "tournament", "rewards"] as const satisfies ContractName[];

const accounts = ["deployer", "minter", "roundManager", "guardian", "treasury"] as const;

interface Role {
  label: string;
  id: bigint;
  /** Accounts and contracts. */
  holders: readonly ((typeof accounts)[number] | ContractName)[];
  functions: Readonly<Partial<Record<ContractName, readonly string[]>>>;
}

/** Functions of a contract, overloads included. */
function functionsOf(contract: Interface): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  contract.forEachFunction((fragment) => found.push(fragment));
  return found;
}

function stateChanging(contract: Interface): FunctionFragment[] {
  return functionsOf(contract).filter(({ constant }) => !constant);
}

/** Expects that whatever changes state was reviewed: as often as there are overloads, and nothing without a name. */
function expectReviewed(contract: Interface, reviewed: readonly string[], takesEther = false): void {
  expect(stateChanging(contract).map(({ name }) => name)).to.have.members([...reviewed]);
  expect(contract.fallback).to.equal(null);
  expect(contract.receive).to.equal(takesEther);
}

function roleOf(contract: ContractName, { name }: FunctionFragment): Role | undefined {
  return ROLES.find(({ functions }) => functions[contract]?.includes(name));
}

/** Functions that only a role or the admin may call. */
function restrictedOf(contract: ContractName): string[] {
  return [...ROLES.map(({ functions }) => functions[contract] ?? []), ADMINS[contract] ?? []].flat();
}

/** Who may call a function that is not for everybody; nobody but the authority for some. */
function holdersOf(contract: ContractName, fragment: FunctionFragment): Role["holders"] | undefined {
  if (fragment.name === "setAuthority") return [];
  if (ADMINS[contract]?.includes(fragment.name) === true) return ["deployer"];
  return roleOf(contract, fragment)?.holders;
}

/** All that the AccessManager ever said, oldest first: the event's name and its values. */
async function history({ authority }: Deployed): Promise<{ name: string; args: unknown[] }[]> {
  const logs = await authority.queryFilter("*" as never);
  return logs.map((log) => {
    if (!(log instanceof EventLog)) throw new Error(`unknown event ${log.topics.join()}`);
    return { name: log.eventName, args: [...(log.args as unknown[])] };
  });
}

async function valuesOf(d: Deployed, name: string): Promise<unknown[][]> {
  return (await history(d)).filter((event) => event.name === name).map(({ args }) => args);
}

describe("The deployed authority", () => {
  it("grants each role to its holders alone, without delay, and the admin's to the deployer alone", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const granted = (await valuesOf(d, "RoleGranted")).map(([role, account, delay]) => [role, account, delay]);
    expect(granted).to.have.deep.members([
      [ADMIN_ROLE, d.deployer.address, 0n],
      ...(await Promise.all(
        ROLES.flatMap(({ id, holders }) => holders.map(async (holder) => [id, await addressOf(d[holder]), 0n])),
      )),
    ]);
    for (const { id, holders } of ROLES) {
      for (const holder of holders) {
        expect([...(await d.authority.hasRole(id, d[holder]))]).to.deep.equal([true, 0n]);
      }
    }
    expect([...(await d.authority.hasRole(ADMIN_ROLE, d.deployer))]).to.deep.equal([true, 0n]);
  });

  it("lets each role call its functions", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const expected = await Promise.all(
      contracts.flatMap((contract) =>
        stateChanging(interfaces[contract]).flatMap((fragment) => {
          const role = roleOf(contract, fragment);
          return role === undefined ? [] : [addressOf(d[contract]).then((at) => [at, fragment.selector, role.id])];
        }),
      ),
    );
    expect(await valuesOf(d, "TargetFunctionRoleUpdated")).to.have.deep.members(expected);
  });

  it("names the roles, and does nothing besides", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    expect(await valuesOf(d, "RoleLabel")).to.have.deep.members(ROLES.map(({ id, label }) => [id, label]));
    const kinds = new Set((await history(d)).map(({ name }) => name));
    // No role's admin, guardian or delay was changed, no target was closed, nothing is scheduled.
    expect([...kinds]).to.have.members(["RoleGranted", "TargetFunctionRoleUpdated", "RoleLabel"]);
  });

  it("is the authority of every contract that has one", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const contract of governed) {
      expect(await d[contract].authority()).to.equal(await addressOf(d.authority));
      expect(await d.authority.isTargetClosed(d[contract])).to.equal(false);
    }
    const others = contracts.filter((contract) => !(governed as readonly string[]).includes(contract));
    expect(others.filter((contract) => interfaces[contract].hasFunction("authority"))).to.deep.equal([]);
  });
});

for (const contract of contracts) {
  describe(`The deployed ${contract}`, () => {
    it("has no function that changes state and was not reviewed", () => {
      expectReviewed(interfaces[contract], [...restrictedOf(contract), ...REVIEWED[contract]]);
    });

    it("opens no function to the public role, and leaves all but the role table to the admin", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      for (const fragment of functionsOf(interfaces[contract])) {
        const role = await d.authority.getTargetFunctionRole(d[contract], fragment.selector);
        expect(role).to.equal(roleOf(contract, fragment)?.id ?? ADMIN_ROLE);
        expect(role).to.not.equal(PUBLIC_ROLE);
      }
    });

    for (const fragment of stateChanging(interfaces[contract])) {
      const holders = holdersOf(contract, fragment);
      if (holders === undefined) continue;
      it(`refuses ${fragment.name} to everybody but ${holders.join(" and ") || "the authority"}`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        const data = interfaces[contract].encodeFunctionData(fragment, zeroArguments(fragment));
        const to = await addressOf(d[contract]);
        const callers = [...accounts.filter((name) => !holders.includes(name)).map((name) => d[name]), ...d.members];
        for (const caller of [...callers, people(d).alice]) {
          await expect(caller.sendTransaction({ to, data }))
            .to.be.revertedWithCustomError(d[contract], "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      });
    }
  });
}

/** Every function of the governance contracts that changes state, reviewed: each guards itself. */
const GOVERNANCE = {
  votes: {
    abi: NumeraireVotes__factory.abi,
    takesEther: false,
    functions: [
      "approve", // the caller's own vNMR, as in the next two
      "transfer",
      "withdrawTo",
      "transferFrom", // within an allowance
      "permit", // by the holder's signature
      "depositFor", // the caller's own NMR
      "delegate", // the caller's own votes
      "delegateBySig", // by the holder's signature
    ],
  },
  governor: {
    abi: NumeraireGovernor__factory.abi,
    takesEther: true, // hands it on: the executor is the timelock
    functions: [
      "propose", // whoever has the votes
      "castVote", // the caller's own votes, as in the next two
      "castVoteWithReason",
      "castVoteWithReasonAndParams",
      "castVoteBySig", // by the voter's signature, as in the next
      "castVoteWithReasonAndParamsBySig",
      "queue", // anybody, what passed
      "execute", // anybody, what passed and waited
      "cancel", // the proposer, before the vote
      "recordSupply", // anybody
      "relay", // the timelock alone, after a vote, as in the next four
      "setProposalThreshold",
      "setVotingDelay",
      "setVotingPeriod",
      "updateTimelock",
      "onERC721Received", // refuses: the executor is the timelock, as do the next two
      "onERC1155Received",
      "onERC1155BatchReceived",
    ],
  },
  timelock: {
    abi: TimelockController__factory.abi,
    takesEther: true, // for what is executed
    functions: [
      "schedule", // proposers, as in the next
      "scheduleBatch",
      "cancel", // cancellers
      "execute", // anybody, what was scheduled and waited, as in the next
      "executeBatch",
      "updateDelay", // the timelock alone
      "grantRole", // the role's admin, as in the next
      "revokeRole",
      "renounceRole", // the caller's own role
      "onERC721Received", // keep what is sent, as do the next two
      "onERC1155Received",
      "onERC1155BatchReceived",
    ],
  },
} as const;

for (const [contract, { abi, functions, takesEther }] of Object.entries(GOVERNANCE)) {
  describe(`The deployed ${contract}`, () => {
    it("has no function that changes state and was not reviewed", () => {
      expectReviewed(new Interface(abi), functions, takesEther);
    });
  });
}

describe("The deployed compute", () => {
  const compute = new Interface(ComputeEscrow__factory.abi);

  it("has no authority: nobody stands between a user and a provider", () => {
    expect(compute.getFunction("authority")).to.equal(null);
  });

  it("has no function that changes state and was not reviewed", () => {
    expectReviewed(compute, [
      "registerProvider", // anybody
      "setPrice", // the provider's owner
      "deposit", // the caller's own NMR and channels, as in the next seven
      "depositWithPermit",
      "authorizeSigner",
      "revokeSigner",
      "reserve",
      "startWithdrawal",
      "cancelWithdrawal",
      "withdraw",
      "onTransferReceived", // NMR alone
      "refund", // channels with the calling provider; pays the user
      "redeem", // anybody, by the user's signature; pays the provider, as does the next
      "redeemMany",
    ]);
  });
});
