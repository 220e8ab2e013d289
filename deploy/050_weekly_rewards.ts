import { artifacts, deployScript } from "./_deploy.js";
import { parametersOf } from "./_parameters.js";

export default deployScript(
  async ({ deploy, get, name, namedAccounts }) => {
    const { weeklyBudget } = parametersOf(name);
    await deploy("WeeklyRewards", {
      account: namedAccounts.deployer,
      artifact: artifacts.WeeklyRewards,
      args: [get("AccessManager").address, get("Numeraire").address, get("OracleCommittee").address, weeklyBudget],
    });
  },
  {
    tags: ["WeeklyRewards"],
    dependencies: ["AccessManager", "Numeraire", "OracleCommittee"],
    id: "050_weekly_rewards",
  },
);
