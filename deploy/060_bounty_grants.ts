import { artifacts, deployScript } from "./_deploy.js";

export default deployScript(
  async ({ deploy, get, namedAccounts }) => {
    await deploy("BountyGrants", {
      account: namedAccounts.deployer,
      artifact: artifacts.BountyGrants,
      args: [get("Numeraire").address],
    });
  },
  { tags: ["BountyGrants"], dependencies: ["Numeraire"], id: "060_bounty_grants" },
);
