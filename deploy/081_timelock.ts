import { artifacts, deployScript } from "./_deploy.js";
import { parametersOf } from "./_parameters.js";

/** Stands for anybody among those who may carry out. */
const zeroAddress = "0x0000000000000000000000000000000000000000";

/** Nobody may propose to it yet: the hand-over says who may. What is due, anybody may carry out. */
export default deployScript(
  async ({ deploy, name, namedAccounts }) => {
    const { deployer } = namedAccounts;
    await deploy("TimelockController", {
      account: deployer,
      artifact: artifacts.TimelockController,
      args: [parametersOf(name).timelockDelay, [], [zeroAddress], deployer],
    });
  },
  { tags: ["TimelockController"], id: "081_timelock" },
);
