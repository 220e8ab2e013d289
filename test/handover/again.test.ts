import { expect } from "chai";
import { toBeHex } from "ethers";

import { plan } from "../../scripts/handover/plan.js";
import { verify } from "../../scripts/handover/verify.js";
import { WRAPPED, applyAs, applyBySafe, contextOf, reachStage1, reachStage2, wrapNmr } from "../fixtures/handover.js";
import { developmentAccount, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { deploySafe, type LocalSafe } from "../fixtures/safe.js";

const DAY = 86_400;

describe("handing over once more @long", function () {
  this.timeout(600_000);
  let chain: LocalDeployment;
  let safe: LocalSafe;

  beforeEach(async () => {
    chain = await startLocalDeployment();
    safe = await deploySafe(chain);
    await reachStage1(chain, safe);
    await reachStage2(chain, safe);
  });
  afterEach(() => chain.stop());

  it("takes a role again that came back after its operation was carried out", async () => {
    const { authority, timelock } = chain.suite;
    const waits = await timelock.getAddress();
    await chain.provider.send("hardhat_impersonateAccount", [waits]);
    await chain.provider.send("hardhat_setBalance", [waits, toBeHex(10n ** 18n)]);
    const data = authority.interface.encodeFunctionData("grantRole", [4n, safe.address, 0]);
    const to = await authority.getAddress();
    await chain.provider.send("eth_sendTransaction", [{ from: waits, to, data }]);
    expect((await verify(contextOf(chain), 2)).ok).to.equal(false);

    const { steps } = await plan(contextOf(chain), 2);
    expect(steps.map(({ by }) => by)).to.deep.equal([safe.address, undefined]);
    await applyBySafe(chain, safe, 2);
    await chain.passTime(2 * DAY);
    await applyAs(chain, developmentAccount(14), 2);
    expect((await verify(contextOf(chain), 2)).differences).to.deep.equal([]);
  });

  it("proposes again what was defeated", async () => {
    const voters = [developmentAccount(12), developmentAccount(13)] as const;
    await wrapNmr(chain, voters, WRAPPED);
    await applyBySafe(chain, safe, 3);
    await chain.passTime(2 * DAY);
    await applyAs(chain, voters[0], 3);
    const first = await applyAs(chain, voters[0], 3);
    expect(first.left[0]?.waitsFor).to.contain("the vote from ");
    // Nobody votes.
    await chain.passTime(6 * DAY + 1);
    const { steps } = await plan(contextOf(chain), 3);
    expect(steps).to.have.length(3);
    expect(steps[0]?.step).to.contain("propose, with ");
    expect((await applyAs(chain, voters[0], 3)).sent).to.have.length(1);
    const { governor } = chain.suite;
    expect(await governor.queryFilter(governor.filters.ProposalCreated())).to.have.length(2);
  });
});
