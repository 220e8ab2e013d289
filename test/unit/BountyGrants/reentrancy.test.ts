import { expect } from "chai";
import { Interface, type FunctionFragment } from "ethers";

import { BountyGrants__factory, CallingToken__factory, type CallingToken } from "../../../typechain-types/index.js";
import { bountyPeople, postBounty, type BountyPeople } from "../../fixtures/bounties.js";
import { networkHelpers, type Deployed } from "../../fixtures/deployed.js";
import { zeroArguments } from "../../fixtures/zero-arguments.js";

const abi = new Interface(BountyGrants__factory.abi);
const stateChanging: FunctionFragment[] = [];
abi.forEachFunction((fragment) => {
  if (!fragment.constant) stateChanging.push(fragment);
});

interface Attacked extends Deployed, BountyPeople {
  /** The NMR of these bounties. */
  token: CallingToken;
}

/** Bounties of a token that calls back. */
async function attacked(): Promise<Attacked> {
  const d = await bountyPeople();
  const token = await new CallingToken__factory(d.deployer).deploy();
  return { ...d, token, bounties: await new BountyGrants__factory(d.deployer).deploy(token) };
}

describe("BountyGrants, should its token ever call back", () => {
  for (const fragment of stateChanging) {
    it(`refuses ${fragment.name} while it takes NMR`, async () => {
      const d = await networkHelpers.loadFixture(attacked);
      await d.token.aim(d.bounties, abi.encodeFunctionData(fragment, zeroArguments(fragment)));
      await postBounty(d);
      const [called] = await d.token.queryFilter(d.token.filters.CalledBack());
      expect(called?.args.success).to.equal(false);
      expect(abi.parseError(called?.args.result ?? "0x")?.name).to.equal("ReentrancyGuardReentrantCall");
      expect(await d.bounties.bountyCount()).to.equal(1n);
    });
  }
});
