import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { NumeraireError, connectSuite, suiteAddresses, type SuiteAddresses } from "../../sdk/index.js";
import { ethers } from "../fixtures/deployed.js";

const complete = suiteAddresses(() => ZeroAddress);

describe("connectSuite", () => {
  for (const [what, found, addresses] of [
    ["a contract that is missing", "undefined", { ...complete, authority: undefined }],
    ["what is no address", "0x12", { ...complete, authority: "0x12" }],
  ] as const) {
    it(`names ${what}, and what to give`, () => {
      expect(() => connectSuite(addresses as SuiteAddresses, ethers.provider))
        .to.throw(NumeraireError, `addresses.authority: found ${found}, expected the address of AccessManager`)
        .with.property("hint")
        .that.contains("all contracts of one deployment");
    });
  }
});
