import { artifacts, deployScript } from "./_deploy.js";
import { parametersOf } from "./_parameters.js";

export default deployScript(
  async ({ deploy, get, name, namedAccounts, showMessage }) => {
    const { committee, quorum } = parametersOf(name);
    const members = committee.map((member) => namedAccounts[member]);
    // Addresses come with or without a checksum.
    const spelt = (account: string): string => account.toLowerCase();
    if (members.map(spelt).includes(spelt(namedAccounts.guardian))) {
      throw new Error(`guardian ${namedAccounts.guardian} is a committee member: nobody both proposes and vetoes`);
    }
    if (members.length > 1 && quorum === BigInt(members.length)) {
      showMessage(`warning: quorum ${quorum.toString()} of ${members.length}: one absent member stops every round`);
    }
    await deploy("OracleCommittee", {
      account: namedAccounts.deployer,
      artifact: artifacts.OracleCommittee,
      args: [get("AccessManager").address, members, quorum],
    });
  },
  { tags: ["OracleCommittee"], dependencies: ["AccessManager"], id: "030_oracle_committee" },
);
