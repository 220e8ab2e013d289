import { id } from "ethers";

import { deployScript, type artifacts } from "./_deploy.js";
import { roles } from "./_roles.js";

type Manager = typeof artifacts.AccessManager.abi;
type Committee = typeof artifacts.OracleCommittee.abi;

/**
 * Grants what the role table says and the AccessManager lacks; takes nothing from anybody. Once the deployer has handed
 * over, it leaves the roles alone.
 */
export default deployScript(
  async ({ execute, get, namedAccounts, read, showMessage }) => {
    const { deployer } = namedAccounts;
    const manager = get<Manager>("AccessManager");
    const [isAdmin] = await read(manager, { functionName: "hasRole", args: [roles.ADMIN.id, deployer] });
    if (!isAdmin) {
      showMessage("roles: left alone, for the deployer has handed over; compare them with npm run check-deployment");
      return;
    }
    const accounts: Partial<Record<string, `0x${string}`>> = { ...namedAccounts, admin: deployer };
    const accountOf = (holder: string): `0x${string}` => accounts[holder] ?? get(holder).address;
    const refuseMember = async (account: `0x${string}`): Promise<void> => {
      const committee = get<Committee>("OracleCommittee");
      if (!(await read(committee, { functionName: "isMember", args: [account] }))) return;
      throw new Error(`guardian ${account} is a committee member: nobody both proposes and vetoes`);
    };

    for (const [label, role] of Object.entries(roles)) {
      for (const [contract, signatures] of Object.entries<readonly string[]>(role.functions)) {
        const target = get(contract).address;
        const missing: `0x${string}`[] = [];
        for (const signature of signatures) {
          const selector = id(signature).slice(0, 10) as `0x${string}`;
          const current = await read(manager, { functionName: "getTargetFunctionRole", args: [target, selector] });
          if (current !== role.id) missing.push(selector);
        }
        if (missing.length > 0) {
          await execute(manager, {
            account: deployer,
            functionName: "setTargetFunctionRole",
            args: [target, missing, role.id],
          });
        }
      }
      const missing: `0x${string}`[] = [];
      for (const holder of role.holders) {
        const account = accountOf(holder);
        if (label === "GUARDIAN") await refuseMember(account);
        const [isHolder] = await read(manager, { functionName: "hasRole", args: [role.id, account] });
        if (!isHolder) missing.push(account);
      }
      if (missing.length === 0) continue;
      // The label is an event only; a grant announces the name.
      await execute(manager, { account: deployer, functionName: "labelRole", args: [role.id, label] });
      for (const account of missing) {
        await execute(manager, { account: deployer, functionName: "grantRole", args: [role.id, account, 0] });
      }
    }
  },
  { tags: ["Roles"], dependencies: ["StakingTournament", "WeeklyRewards"], runAtTheEnd: true, id: "090_roles" },
);
