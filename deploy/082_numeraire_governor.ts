import { artifacts, deployScript } from "./_deploy.js";
import { parametersOf } from "./_parameters.js";

/** Has no power before the last stage of the hand-over. */
export default deployScript(
  async ({ deploy, get, name, namedAccounts }) => {
    const { votingDelay, votingPeriod, proposalThresholdBps, quorumBps } = parametersOf(name);
    await deploy("NumeraireGovernor", {
      account: namedAccounts.deployer,
      artifact: artifacts.NumeraireGovernor,
      args: [
        get("NumeraireVotes").address,
        get("TimelockController").address,
        votingDelay,
        votingPeriod,
        proposalThresholdBps,
        quorumBps,
      ],
    });
  },
  {
    tags: ["NumeraireGovernor"],
    dependencies: ["NumeraireVotes", "TimelockController"],
    id: "082_numeraire_governor",
  },
);
