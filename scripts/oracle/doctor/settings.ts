import { networks, rpcVariable } from "../../chain/networks.js";
import { broken, ok, type Finding } from "./finding.js";

/** The variables of the environment that the programs, the tests and the service's unit read. */
export const SETTINGS: readonly string[] = [
  "NUMERAIRE_RPC_URL",
  ...Object.keys(networks).map(rpcVariable),
  "NUMERAIRE_MAX_FEE",
  "NUMERAIRE_STATE_DIR",
  "NUMERAIRE_PRIVATE_KEY",
  "NUMERAIRE_KEYSTORE_PASSWORD",
  "NUMERAIRE_KEYSTORE_PASSWORD_FILE",
  "NUMERAIRE_NETWORK",
  "NUMERAIRE_DEPLOYER_KEY",
  "NUMERAIRE_ETHERSCAN_KEY",
  "NUMERAIRE_TREASURY",
  "NUMERAIRE_GUARDIAN",
  "NUMERAIRE_COMMITTEE",
  "NUMERAIRE_MINTER",
  "NUMERAIRE_ROUND_MANAGER",
  "NUMERAIRE_DEEP",
  "NUMERAIRE_ROUNDS",
  "NUMERAIRE_SEED",
];

/** Most letters that may differ for a name to be taken for a misspelt one. */
const NEAR = 3;

/** Finds variables that look like settings and are none: what they were meant to set is not set. */
export function checkSettings(environment: NodeJS.ProcessEnv): Finding {
  const given = Object.keys(environment).filter((name) => /^NUMERAIRE/i.test(name));
  const unknown = given.filter((name) => !SETTINGS.some((setting) => setting === name));
  if (unknown.length === 0) {
    return ok("settings", given.length === 0 ? "none, all defaults" : given.toSorted().join(", "));
  }
  const fixes = unknown.map((name) => {
    const [nearest] = SETTINGS.map((setting) => ({ setting, distance: distance(name.toUpperCase(), setting) }))
      .filter((one) => one.distance <= NEAR)
      .sort((a, b) => a.distance - b.distance);
    return nearest === undefined ? `unset ${name}` : `rename ${name} to ${nearest.setting}`;
  });
  return broken(
    "settings",
    `found ${unknown.join(", ")}, which no program reads`,
    `${sentence(fixes.join("; "))}. Known are ${SETTINGS.join(", ")}.`,
  );
}

/** Letters to put in, leave out or change to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const changed = (row[j] ?? 0) + (from.charAt(i) === to.charAt(j) ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
