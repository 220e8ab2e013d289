import { expect } from "chai";
import { configVariable } from "hardhat/config";

import { publicNetworks } from "../../scripts/chain/public-networks.js";

describe("The public networks, to Hardhat", () => {
  it("are those that were promised, each with its chain id, so that another chain is refused", () => {
    const chains = Object.entries(publicNetworks({})).map(([name, { chainId }]) => [name, chainId]);
    expect(chains).to.deep.equal([
      ["sepolia", 11155111],
      ["hoodi", 560048],
      ["base-sepolia", 84532],
      ["arbitrum-sepolia", 421614],
      ["op-sepolia", 11155420],
    ]);
  });

  it("have endpoint and key from variables, which Hardhat reads when they are first needed", () => {
    const { url, accounts } = publicNetworks({})["hoodi"] ?? {};
    expect(url).to.deep.equal(configVariable("NUMERAIRE_HOODI_RPC_URL"));
    expect(accounts).to.deep.equal([configVariable("NUMERAIRE_DEPLOYER_KEY")]);
  });

  it("take the first of several endpoints that the environment names", () => {
    const given = { NUMERAIRE_SEPOLIA_RPC_URL: "https://one.example, https://other.example", NUMERAIRE_RPC_URL: "" };
    expect(publicNetworks(given)["sepolia"]?.url).to.equal("https://one.example");
    expect(publicNetworks({ ...given, NUMERAIRE_RPC_URL: "https://all.example" })["hoodi"]?.url).to.equal(
      "https://all.example",
    );
  });
});
