import { artifacts, deployScript } from "./_deploy.js";

export default deployScript(
  async ({ deploy, get, namedAccounts }) => {
    await deploy("StakingTournament", {
      account: namedAccounts.deployer,
      artifact: artifacts.StakingTournament,
      args: [
        get("AccessManager").address,
        get("Numeraire").address,
        get("OracleCommittee").address,
        namedAccounts.treasury,
      ],
    });
  },
  {
    tags: ["StakingTournament"],
    dependencies: ["AccessManager", "Numeraire", "OracleCommittee"],
    id: "040_staking_tournament",
  },
);
