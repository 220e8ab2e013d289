import { artifacts, deployScript } from "./_deploy.js";

export default deployScript(
  async ({ deploy, get, namedAccounts }) => {
    await deploy("NumeraireVotes", {
      account: namedAccounts.deployer,
      artifact: artifacts.NumeraireVotes,
      args: [get("Numeraire").address],
    });
  },
  { tags: ["NumeraireVotes"], dependencies: ["Numeraire"], id: "080_numeraire_votes" },
);
