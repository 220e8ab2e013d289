import { getAddress } from "ethers";

import { deployScript } from "./_deploy.js";

/** Says at the end where everything is and what comes next; sends nothing. */
export default deployScript(
  ({ context, deployments, name, showMessage }) => {
    const lines = Object.entries(deployments).map(
      ([contract, { address }]) => `  ${contract.padEnd(18)} ${getAddress(address)}`,
    );
    const next = context.saveDeployments
      ? [
          `recorded in deployments/${name}; deploying again sends only what is missing`,
          `next: npm run oracle -- doctor --network ${name}, then open a round as the README shows`,
        ]
      : ["recorded nowhere: this chain ends with the process; choose a network with --network"];
    showMessage([`deployed on ${name}:`, ...lines, ...next].join("\n"));
    return Promise.resolve();
  },
  { tags: ["Summary"], runAtTheEnd: true, id: "990_summary" },
);
