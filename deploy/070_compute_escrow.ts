import { artifacts, deployScript } from "./_deploy.js";

export default deployScript(
  async ({ deploy, get, namedAccounts }) => {
    await deploy("ComputeEscrow", {
      account: namedAccounts.deployer,
      artifact: artifacts.ComputeEscrow,
      args: [get("Numeraire").address],
    });
  },
  { tags: ["ComputeEscrow"], dependencies: ["Numeraire"], id: "070_compute_escrow" },
);
