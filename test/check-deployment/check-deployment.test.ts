import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { JsonRpcSigner, NonceManager, ZeroHash, id, toBeHex, type JsonRpcProvider } from "ethers";

import { checkDeployment } from "../../scripts/check-deployment/check-deployment.js";
import { contextOf } from "../fixtures/handover.js";
import {
  developmentAccount,
  developmentWallet,
  startLocalDeployment,
  type LocalDeployment,
} from "../fixtures/local-deployment.js";
import { runProgram } from "../fixtures/run-program.js";

const DAY = 86_400;

describe("check-deployment", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;
  const stranger = developmentAccount(12).address;

  const program = (...args: string[]) =>
    runProgram("check-deployment", args, { folder: chain.folder, environment: { NUMERAIRE_RPC_URL: chain.url } });
  const check = () => checkDeployment(contextOf(chain), `${chain.folder}/deployments`);

  beforeEach(async () => {
    chain = await startLocalDeployment();
  });
  afterEach(() => chain.stop());

  it("finds nothing in what the deploy scripts leave", async () => {
    expect((await check()).differences).to.deep.equal([]);
    const run = await program();
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("all agree");
    const unknown = await program("--network", "nowhere");
    expect(unknown.code).to.equal(1);
  });

  it("finds each of twenty planted differences, and nothing else", async () => {
    const planted = await plantDifferences(chain, stranger);
    const report = await check();
    expect(report.ok).to.equal(false);
    expect(report.differences.map(({ what }) => what)).to.have.members(planted);
    expect(planted.length).to.be.at.least(20);

    const run = await program("--json");
    expect(run.code, run.stderr).to.equal(2);
    const printed = JSON.parse(run.stdout) as typeof report;
    expect(printed.ok).to.equal(false);
    expect(printed.differences).to.deep.equal(JSON.parse(JSON.stringify(report.differences)));
  });

  it("tells the records of another chain", async () => {
    const file = path.join(chain.folder, "deployments/localhost/.chain");
    const record = JSON.parse(await readFile(file, "utf8")) as { genesisHash: string };
    await writeFile(file, JSON.stringify({ ...record, genesisHash: ZeroHash }));
    expect((await check()).differences).to.deep.equal([
      { what: "first block", found: record.genesisHash, expected: ZeroHash },
    ]);
  });
});

/** Makes the chain differ from the configuration. @returns What each difference is about. */
async function plantDifferences(chain: LocalDeployment, stranger: string): Promise<string[]> {
  const { accounts, provider, suite } = chain;
  const { authority, committee, compute, governor, nmr, rewards, timelock, tournament } = suite;
  const [manager, waits] = [await authority.getAddress(), await timelock.getAddress()];
  const deployer = new NonceManager(developmentWallet(accounts.deployer).connect(provider));
  const asAdmin = authority.connect(deployer);
  const mined = async (sending: Promise<{ wait(): Promise<unknown> }>): Promise<void> => {
    await (await sending).wait();
  };

  // Numbers and members.
  await mined(rewards.connect(deployer).setWeeklyBudget(1n));
  await mined(committee.connect(deployer).addMember(accounts.guardian, 3n));

  // The timelock, as itself, and what was scheduled by somebody who may not any more.
  await provider.send("hardhat_impersonateAccount", [waits]);
  await provider.send("hardhat_setBalance", [waits, toBeHex(10n ** 18n)]);
  const asTimelock = new JsonRpcSigner(provider, waits);
  await mined(timelock.connect(asTimelock).updateDelay(1n));
  await changeSettings(provider, await governor.getAddress());
  const proposer = id("PROPOSER_ROLE");
  await mined(timelock.connect(deployer).grantRole(proposer, accounts.deployer));
  await mined(timelock.connect(deployer).schedule(manager, 0n, "0x", ZeroHash, ZeroHash, 1n));
  await mined(timelock.connect(deployer).revokeRole(proposer, accounts.deployer));
  await mined(timelock.connect(deployer).grantRole(proposer, stranger));
  const operation = await timelock.hashOperation(manager, 0n, "0x", ZeroHash, ZeroHash);

  // Roles, from who holds them to what rules them.
  await mined(asAdmin.grantRole(1n, stranger, 0));
  await mined(asAdmin.revokeRole(2n, accounts.roundManager));
  await mined(asAdmin.grantRole(3n, accounts.guardian, DAY));
  await mined(asAdmin.setTargetFunctionRole(nmr, ["0x40c10f19"], 2n));
  const setBudget = rewards.interface.getFunction("setWeeklyBudget").selector;
  await mined(asAdmin.setTargetFunctionRole(rewards, [setBudget], 2n));
  await mined(asAdmin.setRoleAdmin(1n, 2n));
  await mined(asAdmin.setRoleGuardian(2n, 3n));
  await mined(asAdmin.setGrantDelay(4n, DAY));
  await mined(asAdmin.setTargetAdminDelay(nmr, DAY));
  const guardian = developmentWallet(accounts.guardian).connect(provider);
  const veto = rewards.interface.encodeFunctionData("vetoWeek", ["no"]);
  await mined(authority.connect(guardian).schedule(rewards, veto, 0));
  const scheduled = await authority.hashOperation(accounts.guardian, rewards, veto);
  await mined(asAdmin.setTargetClosed(tournament, true));
  await mined(asAdmin.updateAuthority(committee, waits));
  await chain.passTime(1);

  // Code, and what the constructor wrote into it.
  const escrow = await provider.getCode(compute);
  await provider.send("hardhat_setCode", [await compute.getAddress(), `${escrow.slice(0, -2)}ff`]);
  const treasury = accounts.treasury.slice(2).toLowerCase();
  const code = (await provider.getCode(tournament)).replaceAll(treasury, stranger.slice(2).toLowerCase());
  await provider.send("hardhat_setCode", [await tournament.getAddress(), code]);

  const [at, weekly] = [await compute.getAddress(), await rewards.getAddress()];
  return [
    `ComputeEscrow: code at ${at}`,
    "StakingTournament: treasury",
    "WeeklyRewards: weekly budget",
    "OracleCommittee: members",
    "OracleCommittee: quorum",
    `guardian ${accounts.guardian}`,
    "OracleCommittee: authority",
    "NumeraireGovernor: voting delay",
    "NumeraireGovernor: voting period",
    "NumeraireGovernor: threshold, bps",
    "TimelockController: seconds a decision waits",
    `TimelockController: PROPOSER_ROLE of ${stranger}`,
    `TimelockController: operation ${operation}`,
    `AccessManager: MINTER of ${stranger}`,
    `AccessManager: ROUND_MANAGER of roundManager ${accounts.roundManager}`,
    `AccessManager: GUARDIAN of guardian ${accounts.guardian}: seconds its calls wait`,
    "AccessManager: role of Numeraire.mint(address,uint256)",
    `AccessManager: role of ${setBudget} of WeeklyRewards ${weekly}`,
    "AccessManager: role MINTER: admin role",
    "AccessManager: role ROUND_MANAGER: guardian role",
    "AccessManager: role COMMITTEE_ADMIN: seconds until a grant holds",
    `AccessManager: Numeraire ${await nmr.getAddress()}: seconds the admin waits`,
    `AccessManager: StakingTournament ${await tournament.getAddress()}: closed`,
    `AccessManager: operation ${scheduled}`,
  ];
}

/** Overwrites the governor's settings where they lie: the threshold's slot, then that of delay and period. */
async function changeSettings(provider: JsonRpcProvider, governor: string): Promise<void> {
  for (let slot = 0; slot < 20; slot += 1) {
    if (BigInt(await provider.getStorage(governor, slot)) !== 10n) continue;
    const write = (at: number, value: bigint) =>
      provider.send("hardhat_setStorageAt", [governor, toBeHex(at).replace(/^0x0/, "0x"), toBeHex(value, 32)]);
    await write(slot, 1n);
    await write(slot + 1, 1n | (1n << 48n));
    return;
  }
  throw new Error("the governor's threshold lies elsewhere");
}
