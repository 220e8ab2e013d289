import { artifacts, deployScript } from "./_deploy.js";

/** The one authority of the suite; the deployer is its admin until the hand-over. */
export default deployScript(
  async ({ deploy, namedAccounts }) => {
    const { deployer } = namedAccounts;
    await deploy("AccessManager", { account: deployer, artifact: artifacts.AccessManager, args: [deployer] });
  },
  { tags: ["AccessManager"], id: "010_access_manager" },
);
