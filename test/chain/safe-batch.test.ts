import { expect } from "chai";

import type { PlannedCall } from "../../scripts/chain/planned-call.js";
import { batchChecksum, safeBatch, splitByGas } from "../../scripts/chain/safe-batch.js";

/** The example that Safe's command line publishes of what its web app wrote. */
const PUBLISHED = {
  version: "1.0",
  chainId: "1",
  createdAt: 1761326849944,
  meta: {
    name: "Transactions Batch",
    description: "",
    txBuilderVersion: "1.18.2",
    createdFromSafeAddress: "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
    createdFromOwnerAddress: "",
    checksum: "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989",
  },
  transactions: [
    {
      to: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
      value: "0",
      data: null,
      contractMethod: {
        inputs: [
          { internalType: "address", name: "spender", type: "address" },
          { internalType: "uint256", name: "value", type: "uint256" },
        ],
        name: "approve",
        payable: false,
      },
      contractInputsValues: { spender: "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8", value: "100000000000" },
    },
  ],
};

const call = (step: string, gas?: bigint): PlannedCall => ({
  step,
  to: `0x${"11".repeat(20)}`,
  data: "0x1234",
  ...(gas === undefined ? {} : { gas }),
});
const steps = (batches: PlannedCall[][]) => batches.map((batch) => batch.map(({ step }) => step).join(""));

describe("Safe batch", () => {
  it("has the checksum that Safe's web app computes", () => {
    expect(batchChecksum(PUBLISHED)).to.equal(PUBLISHED.meta.checksum);
  });

  it("has another checksum once anything but the name changes", () => {
    const { meta } = PUBLISHED;
    expect(batchChecksum({ ...PUBLISHED, meta: { ...meta, name: "Renamed" } })).to.equal(meta.checksum);
    expect(batchChecksum({ ...PUBLISHED, chainId: "10" })).not.to.equal(meta.checksum);
    const [first] = PUBLISHED.transactions;
    expect(batchChecksum({ ...PUBLISHED, transactions: [{ ...first, value: "1" }] })).not.to.equal(meta.checksum);
  });

  it("holds the calls as they are, in their order", () => {
    const origin = { chainId: 31337n, name: "Scores", description: "two calls", safe: "", createdAt: new Date(5) };
    const { meta, ...batch } = safeBatch([call("a"), call("b")], origin);
    const transaction = {
      to: `0x${"11".repeat(20)}`,
      value: "0",
      data: "0x1234",
      contractMethod: null,
      contractInputsValues: null,
    };
    expect(batch).to.deep.equal({
      version: "1.0",
      chainId: "31337",
      createdAt: 5,
      transactions: [transaction, transaction],
    });
    expect(meta.checksum).to.equal(batchChecksum({ ...batch, meta }));
  });

  it("is cut where the next call would not fit the transaction any more", () => {
    const calls = [call("a", 4n), call("b", 6n), call("c", 1n), call("d", 12n), call("e"), call("f", 10n)];
    expect(steps(splitByGas(calls, 10n))).to.deep.equal(["ab", "c", "d", "ef"]);
  });
});
