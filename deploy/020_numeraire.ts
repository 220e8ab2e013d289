import { artifacts, deployScript } from "./_deploy.js";
import { parametersOf } from "./_parameters.js";

export default deployScript(
  async ({ deploy, get, name, namedAccounts }) => {
    const { initialAllowance } = parametersOf(name);
    await deploy("Numeraire", {
      account: namedAccounts.deployer,
      artifact: artifacts.Numeraire,
      args: [get("AccessManager").address, initialAllowance],
    });
  },
  { tags: ["Numeraire"], dependencies: ["AccessManager"], id: "020_numeraire" },
);
