import { expect } from "chai";
import { EventLog, Interface, type FunctionFragment } from "ethers";

import {
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
} from "../../typechain-types/index.js";
import { addressOf } from "../fixtures/address-of.js";
import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { people } from "../fixtures/people.js";
import { zeroArguments } from "../fixtures/zero-arguments.js";

/** The role that nobody needs to be granted. */
const PUBLIC_ROLE = 2n ** 64n - 1n;
const ADMIN_ROLE = 0n;

/** Who may call what (CONTRACTS §7), with the ids that roles have on chain. */
const ROLES = [
  { label: "MINTER", id: 1n, holder: "minter", on: "nmr", functions: ["mint"] },
  { label: "ROUND_MANAGER", id: 2n, holder: "roundManager", on: "tournament", functions: ["openRound"] },
  { label: "GUARDIAN", id: 3n, holder: "guardian", on: "tournament", functions: ["cancelRound", "veto"] },
  {
    label: "COMMITTEE_ADMIN",
    id: 4n,
    holder: "deployer",
    on: "committee",
    functions: ["addMember", "removeMember", "setQuorum"],
  },
] as const;

/**
 * Everything else that changes state, reviewed: each guards itself. A function that is new belongs here only when
 * anybody may call it, or when it checks its caller.
 */
const REVIEWED = {
  nmr: [
    "approve", // the caller's own NMR, as in the next six
    "approveAndCall",
    "burn",
    "transfer",
    "transferAndCall",
    "burnFrom", // within an allowance, as in the next two
    "transferFrom",
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
} as const;

const interfaces = {
  nmr: new Interface(Numeraire__factory.abi),
  committee: new Interface(OracleCommittee__factory.abi),
  tournament: new Interface(StakingTournament__factory.abi),
} as const;
const contracts = ["nmr", "committee", "tournament"] as const;
type ContractName = (typeof contracts)[number];

/** Functions of a contract, overloads included. */
function functionsOf(contract: ContractName): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  interfaces[contract].forEachFunction((fragment) => found.push(fragment));
  return found;
}

function stateChanging(contract: ContractName): FunctionFragment[] {
  return functionsOf(contract).filter(({ constant }) => !constant);
}

function roleOf(contract: ContractName, { name }: FunctionFragment): (typeof ROLES)[number] | undefined {
  return ROLES.find(({ on, functions }) => on === contract && (functions as readonly string[]).includes(name));
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
  it("grants each role to its holder alone, without delay, and the admin's to the deployer alone", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const granted = (await valuesOf(d, "RoleGranted")).map(([role, account, delay]) => [role, account, delay]);
    expect(granted).to.have.deep.members([
      [ADMIN_ROLE, d.deployer.address, 0n],
      ...ROLES.map(({ id, holder }) => [id, d[holder].address, 0n]),
    ]);
    for (const { id, holder } of ROLES) {
      expect([...(await d.authority.hasRole(id, d[holder]))]).to.deep.equal([true, 0n]);
    }
    expect([...(await d.authority.hasRole(ADMIN_ROLE, d.deployer))]).to.deep.equal([true, 0n]);
  });

  it("lets each role call its functions", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const expected = await Promise.all(
      ROLES.flatMap(({ id, on, functions }) =>
        functions.map(async (name) => [await addressOf(d[on]), interfaces[on].getFunction(name)?.selector, id]),
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

  it("is the authority of every contract", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    for (const contract of contracts) {
      expect(await d[contract].authority()).to.equal(await addressOf(d.authority));
      expect(await d.authority.isTargetClosed(d[contract])).to.equal(false);
    }
  });
});

for (const contract of contracts) {
  describe(`The deployed ${contract}`, () => {
    it("has no function that changes state and was not reviewed", () => {
      const names = new Set(stateChanging(contract).map(({ name }) => name));
      const restricted = ROLES.filter(({ on }) => on === contract).flatMap(({ functions }) => [...functions]);
      expect([...names]).to.have.members([...restricted, ...REVIEWED[contract]]);
    });

    it("opens no function to the public role, and leaves all but the role table to the admin", async () => {
      const d = await networkHelpers.loadFixture(deployed);
      for (const fragment of functionsOf(contract)) {
        const role = await d.authority.getTargetFunctionRole(d[contract], fragment.selector);
        expect(role).to.equal(roleOf(contract, fragment)?.id ?? ADMIN_ROLE);
        expect(role).to.not.equal(PUBLIC_ROLE);
      }
    });

    for (const fragment of stateChanging(contract)) {
      const role = roleOf(contract, fragment);
      if (role === undefined && fragment.name !== "setAuthority") continue;
      it(`refuses ${fragment.name} to everybody but ${role?.holder ?? "the authority"}`, async () => {
        const d = await networkHelpers.loadFixture(deployed);
        const data = interfaces[contract].encodeFunctionData(fragment, zeroArguments(fragment));
        const to = await addressOf(d[contract]);
        const roles = ["deployer", "minter", "roundManager", "guardian", "treasury"] as const;
        const callers = [...roles.filter((name) => name !== role?.holder).map((name) => d[name]), ...d.members];
        for (const caller of [...callers, people(d).alice]) {
          await expect(caller.sendTransaction({ to, data }))
            .to.be.revertedWithCustomError(d[contract], "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      });
    }
  });
}
