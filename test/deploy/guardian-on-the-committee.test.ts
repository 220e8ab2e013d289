import { expect } from "chai";
import { getAddress } from "ethers";
import { network } from "hardhat";

import { deploySuite } from "../../deploy/_deploy.js";
import { config } from "../../rocketh.js";

describe("a guardian that is a committee member under another spelling of its address", () => {
  for (const spelling of ["as the node spells it", "with a checksum"] as const) {
    it(`is refused ${spelling}`, async () => {
      const { provider } = await network.create();
      const [, , , member = ""] = (await provider.request({ method: "eth_accounts" })) as string[];
      const guardian = spelling === "with a checksum" ? getAddress(member) : member.toLowerCase();
      const accounts = {
        ...config.accounts,
        guardian: { default: guardian },
        member1: { default: member.toLowerCase() },
      };
      const deploying = deploySuite({ provider, config: { accounts } as never });
      const error: unknown = await deploying.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(String(error)).to.include("nobody both proposes and vetoes");
    });
  }
});
