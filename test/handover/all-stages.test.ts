import { expect } from "chai";
import { ZeroHash, id, parseEther, type HDNodeWallet, type Interface } from "ethers";

import { decodeFailure } from "../../sdk/decode-error.js";
import { plan } from "../../scripts/handover/plan.js";
import { verify } from "../../scripts/handover/verify.js";
import type { Call } from "../../scripts/chain/planned-call.js";
import { failure } from "../fixtures/failure.js";
import { WRAPPED, contextOf, pass, reachStage1, reachStage2, reachStage3, wrapNmr } from "../fixtures/handover.js";
import { developmentAccount, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { deploySafe, type LocalSafe } from "../fixtures/safe.js";

const DAY = 86_400;

/** What an admin could do, and must not be able to do once it has handed over. */
async function adminCalls({ suite, accounts }: LocalDeployment, self: string): Promise<[string, Call][]> {
  const { authority, committee, governor, nmr, rewards, timelock, tournament } = suite;
  const [manager, waits] = [await authority.getAddress(), await timelock.getAddress()];
  const [token, council, weekly] = [await nmr.getAddress(), await committee.getAddress(), await rewards.getAddress()];
  const call = (to: string, contract: { interface: Interface }, name: string, args: unknown[]): [string, Call] => [
    name,
    { to, data: contract.interface.encodeFunctionData(name, args) },
  ];
  const terms = [2_000_000_000, 2_001_000_000, 86_400, 693_147, 0, 1n, 1n];
  return [
    call(manager, authority, "grantRole", [0n, self, 0]),
    call(manager, authority, "revokeRole", [3n, accounts.guardian]),
    call(manager, authority, "setTargetFunctionRole", [token, ["0x40c10f19"], 3n]),
    call(manager, authority, "setRoleAdmin", [1n, 3n]),
    call(manager, authority, "setRoleGuardian", [1n, 3n]),
    call(manager, authority, "setGrantDelay", [1n, 10]),
    call(manager, authority, "setTargetAdminDelay", [token, 10]),
    call(manager, authority, "setTargetClosed", [weekly, true]),
    call(manager, authority, "updateAuthority", [token, self]),
    call(manager, authority, "schedule", [token, nmr.interface.encodeFunctionData("mint", [self, 1n]), 0]),
    call(council, committee, "addMember", [self, 3n]),
    call(council, committee, "removeMember", [accounts.member1, 2n]),
    call(council, committee, "setQuorum", [3n]),
    call(weekly, rewards, "setWeeklyBudget", [parseEther("100000")]),
    call(weekly, rewards, "vetoWeek", ["mine"]),
    call(token, nmr, "mint", [self, 1n]),
    call(await tournament.getAddress(), tournament, "openRound", [terms, self]),
    call(waits, timelock, "grantRole", [ZeroHash, self]),
    call(waits, timelock, "schedule", [token, 0n, "0x", ZeroHash, ZeroHash, 2 * DAY]),
    call(waits, timelock, "updateDelay", [0]),
    call(await governor.getAddress(), governor, "setVotingDelay", [1]),
    call(await governor.getAddress(), governor, "relay", [token, 0n, "0x"]),
  ] as [string, Call][];
}

/** Refusals that say the caller may not; nothing else would show it. */
const REFUSALS = [
  "AccessManagerUnauthorizedAccount",
  "AccessManagerUnauthorizedCall",
  "AccessManagedUnauthorized",
  "AccessControlUnauthorizedAccount",
  "TimelockUnauthorizedCaller",
  "GovernorOnlyExecutor",
];

describe("handing over through all stages @long", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;
  let safe: LocalSafe;
  let voters: [HDNodeWallet, HDNodeWallet];

  const expectRefused = async (former: string): Promise<void> => {
    const calls = await adminCalls(chain, former);
    expect(calls.length).to.be.at.least(15);
    for (const [name, call] of calls) {
      const outcome = await chain.provider.call({ ...call, from: former }).catch((error: unknown) => error);
      expect(decodeFailure(outcome)?.name, `${name} by ${former}`).to.be.oneOf(REFUSALS);
    }
  };

  before(async () => {
    chain = await startLocalDeployment();
    safe = await deploySafe(chain);
    voters = [developmentAccount(12), developmentAccount(13)];
  });
  after(() => chain.stop());

  it("begins with a deployer that could do most of it", async () => {
    const { deployer } = chain.accounts;
    const [, grant] = (await adminCalls(chain, deployer))[0] ?? [];
    if (grant === undefined) throw new Error("no call");
    expect(await chain.provider.call({ ...grant, from: deployer })).to.equal("0x");
    expect((await verify(contextOf(chain), 1)).ok).to.equal(false);
  });

  it("leaves the deployer nothing once the Safe has it all", async () => {
    await reachStage1(chain, safe);
    const proof = await verify(contextOf(chain), 1);
    expect(proof.differences).to.deep.equal([]);
    expect((await plan(contextOf(chain), 1)).steps).to.deep.equal([]);
    await expectRefused(chain.accounts.deployer);
  });

  it("leaves the Safe nothing but proposing to the timelock", async () => {
    await reachStage2(chain, safe);
    expect((await verify(contextOf(chain), 2)).differences).to.deep.equal([]);
    const calls = await adminCalls(chain, safe.address);
    for (const [name, call] of calls) {
      if (name === "schedule" && call.to === (await chain.suite.timelock.getAddress())) continue;
      const outcome = await chain.provider.call({ ...call, from: safe.address }).catch((error: unknown) => error);
      expect(decodeFailure(outcome)?.name, name).to.be.oneOf(REFUSALS);
    }
  });

  it("refuses the last stage while too little NMR is wrapped for any vote to pass", async () => {
    await wrapNmr(chain, voters, WRAPPED);
    const { nmr, votes } = chain.suite;
    const [first] = voters;
    // All but a wei of the quorum, 4 per cent, goes back.
    const signer = first.connect(chain.provider);
    const quorum = ((await nmr.totalSupply()) * 400n) / 10_000n;
    await (await votes.connect(signer).withdrawTo(first.address, WRAPPED)).wait();
    await (
      await votes.connect(voters[1].connect(chain.provider)).withdrawTo(voters[1].address, WRAPPED - quorum + 1n)
    ).wait();
    const error = await failure(plan(contextOf(chain), 3));
    expect(error.exitCode).to.equal(2);
    expect(error.message).to.contain("NMR wrapped to vote: 3999.999999999999999999 NMR on chain");
    await (await nmr.connect(signer).approve(await votes.getAddress(), WRAPPED)).wait();
    await (await votes.connect(signer).depositFor(first.address, WRAPPED)).wait();
    expect((await plan(contextOf(chain), 3)).steps).to.have.length(5);
  });

  it("leaves the Safe nothing once a vote has taken the timelock from it", async () => {
    await reachStage3(chain, safe, voters);
    expect((await verify(contextOf(chain), 3)).differences).to.deep.equal([]);
    await expectRefused(safe.address);
    await expectRefused(chain.accounts.deployer);
  });

  it("lets holders of NMR pass a proposal and carry it out, and nobody else", async () => {
    const { governor, rewards } = chain.suite;
    const [alice] = voters;
    const asAlice = governor.connect(alice.connect(chain.provider));
    const budget = parseEther("3000");
    const data = rewards.interface.encodeFunctionData("setWeeklyBudget", [budget]);
    const actions = [[await rewards.getAddress()], [0n], [data]] as [string[], bigint[], string[]];
    const text = "Raise the weekly budget to 3,000 NMR";
    await (await asAlice.propose(...actions, text)).wait();
    const proposalId = await governor.hashProposal(...actions, id(text));
    await pass(chain, voters, proposalId);
    await (await asAlice.queue(...actions, id(text))).wait();
    const early = await asAlice.execute.staticCall(...actions, id(text)).catch((error: unknown) => error);
    expect(decodeFailure(early)?.name).to.equal("TimelockUnexpectedOperationState");
    await chain.passTime(2 * DAY);
    await (await asAlice.execute(...actions, id(text))).wait();
    expect(await rewards.weeklyBudget()).to.equal(budget);
  });
});
