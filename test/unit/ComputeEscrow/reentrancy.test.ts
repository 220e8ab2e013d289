import { expect } from "chai";
import { Interface, type FunctionFragment } from "ethers";

import { CallingToken__factory, ComputeEscrow__factory } from "../../../typechain-types/index.js";
import type { CallingToken, ComputeEscrow } from "../../../typechain-types/index.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";
import { zeroArguments } from "../../fixtures/zero-arguments.js";

const abi = new Interface(ComputeEscrow__factory.abi);
/** What moves NMR; the other functions only change what their caller promised. */
const MOVING = /^(deposit|depositWithPermit|onTransferReceived|withdraw|refund|redeem|redeemMany)$/;
const moving: FunctionFragment[] = [];
abi.forEachFunction((fragment) => {
  if (MOVING.test(fragment.name)) moving.push(fragment);
});

interface Attacked {
  /** The NMR of this escrow. */
  token: CallingToken;
  /** Has one provider. */
  compute: ComputeEscrow;
}

/** An escrow of a token that calls back. */
async function attacked(): Promise<Attacked> {
  const { deployer } = await deployed();
  const token = await new CallingToken__factory(deployer).deploy();
  const compute = await new ComputeEscrow__factory(deployer).deploy(token);
  await compute.registerProvider("https://compute.example", deployer, 3_600n);
  return { token, compute };
}

describe("ComputeEscrow, should its token ever call back", () => {
  for (const fragment of moving) {
    it(`refuses ${fragment.name} while it takes NMR`, async () => {
      const { token, compute } = await networkHelpers.loadFixture(attacked);
      await token.aim(compute, abi.encodeFunctionData(fragment, zeroArguments(fragment)));
      await compute.deposit(1n, 1n);
      const [called] = await token.queryFilter(token.filters.CalledBack());
      expect(called?.args.success).to.equal(false);
      expect(abi.parseError(called?.args.result ?? "0x")?.name).to.equal("ReentrancyGuardReentrantCall");
    });
  }
});
