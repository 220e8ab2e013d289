import { expect } from "chai";
import { NonceManager, type HDNodeWallet } from "ethers";

import type { NumeraireError } from "../../sdk/numeraire-error.js";
import { plan } from "../../scripts/handover/plan.js";
import { verify } from "../../scripts/handover/verify.js";
import { failure } from "../fixtures/failure.js";
import { applyAs, applyBySafe, contextOf, reachStage1 } from "../fixtures/handover.js";
import {
  developmentAccount,
  developmentWallet,
  startLocalDeployment,
  type LocalDeployment,
} from "../fixtures/local-deployment.js";
import { deploySafe } from "../fixtures/safe.js";

const DAY = 86_400;

describe("handing over", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;
  let deployer: HDNodeWallet;

  const asDeployer = () => new NonceManager(deployer.connect(chain.provider));
  const refusal = async (): Promise<NumeraireError> => {
    const error = await failure(plan(contextOf(chain), 1));
    expect(error.exitCode).to.equal(2);
    return error;
  };

  beforeEach(async () => {
    chain = await startLocalDeployment();
    deployer = developmentWallet(chain.accounts.deployer);
  });
  afterEach(() => chain.stop());

  it("refuses a Safe without code, which could never act", async () => {
    expect((await refusal()).message).to.contain("an account without code on chain, expected a Safe");
  });

  it("refuses a contract that is no Safe", async () => {
    const proxied = await deploySafe(chain);
    await chain.provider.send("hardhat_setCode", [proxied.address, await chain.provider.getCode(chain.suite.nmr)]);
    expect((await refusal()).message).to.contain("a contract without owners and threshold");
  });

  it("refuses a Safe in which the deployer acts alone", async () => {
    await deploySafe(chain, { owners: [deployer, developmentAccount(16)], threshold: 1 });
    expect((await refusal()).message).to.contain(`its owner ${deployer.address} acting alone`);
  });

  it("refuses a guardian that is a committee member", async () => {
    await deploySafe(chain);
    await (await chain.suite.committee.connect(asDeployer()).addMember(chain.accounts.guardian, 3n)).wait();
    expect((await refusal()).message).to.contain(`guardian ${chain.accounts.guardian}: a committee member on chain`);
  });

  it("refuses to begin while a stranger has a role, and says which", async () => {
    await deploySafe(chain);
    const stranger = developmentAccount(12).address;
    await (await chain.suite.authority.connect(asDeployer()).grantRole(0n, stranger, 0)).wait();
    expect((await refusal()).message).to.contain(
      `AccessManager: ADMIN of ${stranger}: held on chain, expected not held`,
    );
  });

  it("refuses to skip a stage", async () => {
    await deploySafe(chain);
    const error = await failure(plan(contextOf(chain), 2));
    expect(error.message).to.contain("AccessManager: ADMIN of deployer");
  });

  it("takes nothing from the deployer before the Safe has acted, and the timelock only after it", async () => {
    const safe = await deploySafe(chain);
    const { authority, timelock } = chain.suite;
    const first = await applyAs(chain, deployer, 1);
    expect(first.sent).to.have.length(4);
    expect(first.left.map(({ by, waitsFor }) => [by, waitsFor])).to.deep.equal([
      [safe.address, undefined],
      [safe.address, undefined],
      [deployer.address, "the Safe to have shown that it can act"],
    ]);
    // A Safe that never acts leaves the deployer where it was.
    const again = await applyAs(chain, deployer, 1);
    expect(again.sent).to.deep.equal([]);
    expect([...(await authority.hasRole(0n, deployer.address))]).to.deep.equal([true, 0n]);
    expect((await verify(contextOf(chain), 1)).differences.map(({ what, found }) => `${what}: ${found}`)).to.include(
      `former holder deployer ${deployer.address}: ADMIN of the AccessManager`,
    );

    expect(await applyBySafe(chain, safe, 1)).to.equal(2);
    const last = await applyAs(chain, deployer, 1);
    expect(last.sent.map(({ step }) => step)).to.deep.equal([
      `take DEFAULT_ADMIN_ROLE of the TimelockController from deployer ${deployer.address}`,
    ]);
    expect([last.left, last.differences]).to.deep.equal([[], []]);
    expect(await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer.address)).to.equal(false);
  });

  it("does not go on before a role that takes effect later has", async () => {
    const safe = await deploySafe(chain);
    const { authority } = chain.suite;
    const admin = authority.connect(asDeployer());
    await (await admin.setGrantDelay(0n, DAY)).wait();
    await chain.passTime(6 * DAY);
    await (await admin.grantRole(0n, safe.address, 0)).wait();
    const error = await refusal();
    expect(error.message).to.contain(`AccessManager: ADMIN of safe ${safe.address}: seconds until it holds`);
    expect(error.message).to.contain("AccessManager: role ADMIN: seconds until a grant holds: 86400 on chain");
  });

  it("finds what a former holder scheduled while it could", async () => {
    const safe = await deploySafe(chain);
    const { timelock } = chain.suite;
    const own = timelock.connect(asDeployer());
    const proposer = await timelock.PROPOSER_ROLE();
    await (await own.grantRole(proposer, deployer.address)).wait();
    const salt = `0x${"01".repeat(32)}`;
    const target = await timelock.getAddress();
    const data = timelock.interface.encodeFunctionData("grantRole", [proposer, deployer.address]);
    await (await own.schedule(target, 0n, data, `0x${"00".repeat(32)}`, salt, 2 * DAY)).wait();
    await (await own.revokeRole(proposer, deployer.address)).wait();
    const error = await refusal();
    expect(error.message).to.contain("scheduled before an account lost the right to schedule");
    const operation = await timelock.hashOperation(target, 0n, data, `0x${"00".repeat(32)}`, salt);
    expect(error.message).to.contain(operation);
    await (await own.grantRole(await timelock.CANCELLER_ROLE(), deployer.address)).wait();
    await (await own.cancel(operation)).wait();
    await (await own.revokeRole(await timelock.CANCELLER_ROLE(), deployer.address)).wait();
    await reachStage1(chain, safe);
    expect((await verify(contextOf(chain), 1)).ok).to.equal(true);
  });
});
