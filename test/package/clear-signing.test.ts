import { expect } from "chai";
import { FunctionFragment, Interface } from "ethers";

import { compiledContracts, type CompiledContract } from "../../scripts/build/compiled-contracts.js";
import { clearSigningDescriptors } from "../../scripts/package/clear-signing.js";
import { suiteAddresses } from "../../sdk/contracts.js";

interface Descriptor {
  context: { contract: { deployments: object[] } };
  display: { formats: Record<string, { intent: string; fields: { path: string; label: string; visible?: string }[] }> };
}

describe("clear signing", () => {
  let contracts: CompiledContract[];
  const addresses = new Map([[560_048n, suiteAddresses((name) => `address of ${name}`)]]);

  before(async () => {
    contracts = await compiledContracts();
  });

  const descriptorOf = (name: string): Descriptor => {
    const found = clearSigningDescriptors(contracts, addresses).find(({ file }) => file === `calldata-${name}.json`);
    return found?.descriptor as Descriptor;
  };

  for (const [name, calls] of [
    [
      "StakingTournament",
      [
        "registerModel",
        "setPayee",
        "offerModel",
        "acceptModel",
        "stake",
        "stakeWithPermit",
        "raiseStake",
        "commitPredictions",
        "restake",
        "settle",
        "withdrawOwed",
      ],
    ],
    ["Numeraire", ["transferAndCall", "approve"]],
  ] as const) {
    it(`describes every parameter of what stakers call on ${name}, by the selector that is compiled`, () => {
      const compiled = new Interface(contracts.find((contract) => contract.name === name)?.abi ?? []);
      const { formats } = descriptorOf(name).display;
      expect(Object.keys(formats).map((signature) => signature.split("(")[0])).to.deep.equal(calls);
      for (const [signature, { fields }] of Object.entries(formats)) {
        const fragment = FunctionFragment.from(`function ${signature}`);
        expect(
          compiled.getFunction(fragment.selector)?.inputs.map((input) => input.name),
          signature,
        ).to.deep.equal(fields.map(({ path }) => path));
      }
    });
  }

  it("hides nothing but a permit's signature", () => {
    const hidden = ["StakingTournament", "Numeraire"].flatMap((name) =>
      Object.entries(descriptorOf(name).display.formats).flatMap(([signature, { fields }]) =>
        fields
          .filter(({ visible }) => visible === "never")
          .map(({ path }) => `${signature.split("(")[0] ?? ""} ${path}`),
      ),
    );
    expect(hidden).to.deep.equal(["stakeWithPermit v", "stakeWithPermit r", "stakeWithPermit s"]);
  });

  it("is bound to the recorded deployments", () => {
    expect(descriptorOf("Numeraire").context.contract.deployments).to.deep.equal([
      { chainId: 560_048, address: "address of Numeraire" },
    ]);
  });

  it("refuses a call that was compiled otherwise", () => {
    const changed = contracts.map((contract) => ({
      ...contract,
      abi: contract.abi.filter(({ name }) => name !== "raiseStake"),
    }));
    expect(() => clearSigningDescriptors(changed, addresses)).to.throw("no raiseStake(roundId,index");
  });
});
