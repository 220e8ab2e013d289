import { ZeroAddress, getAddress, isAddress } from "ethers";

import type { config } from "../../rocketh.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

/** Addresses of everybody with a part in the deployment, by the names of rocketh.ts. */
export type Holders = Record<keyof typeof config.accounts, string>;

const VARIABLES = {
  minter: "NUMERAIRE_MINTER",
  roundManager: "NUMERAIRE_ROUND_MANAGER",
  guardian: "NUMERAIRE_GUARDIAN",
  treasury: "NUMERAIRE_TREASURY",
} as const;
const COMMITTEE = "NUMERAIRE_COMMITTEE";
const MEMBERS = 3;
const DOCS = "docs/deployment.md says who they are.";

/**
 * Who holds what on a public network, as the environment says.
 * @param deployer Account that deploys.
 * @throws {NumeraireError} that names every variable that is missing or wrong, or when the guardian is on the committee.
 */
export function roleHolders(deployer: string, environment: NodeJS.ProcessEnv): Holders {
  const names = [...Object.values(VARIABLES), COMMITTEE];
  const missing = names.filter((name) => !environment[name]?.trim());
  if (missing.length > 0) {
    throw new NumeraireError(`roles: found no ${missing.join(", ")}, expected addresses`, {
      hint: `Export each as 0x and 40 hex digits, ${COMMITTEE} as ${MEMBERS} of them with commas between; ${DOCS}`,
    });
  }
  const single = (role: keyof typeof VARIABLES): string =>
    addressIn(VARIABLES[role], environment[VARIABLES[role]] ?? "");
  const members = (environment[COMMITTEE] ?? "").split(",").map((member) => addressIn(COMMITTEE, member));
  const [member1, member2, member3, ...more] = members;
  if (
    member1 === undefined ||
    member2 === undefined ||
    member3 === undefined ||
    more.length > 0 ||
    new Set(members).size < MEMBERS
  ) {
    throw new NumeraireError(
      `${COMMITTEE}: found ${members.join(", ")}, expected ${MEMBERS} different addresses with commas between them`,
      { hint: "The committee's admin adds and removes members after the deploy." },
    );
  }
  const guardian = single("guardian");
  if (members.includes(guardian)) {
    throw new NumeraireError(
      `${VARIABLES.guardian}: found ${guardian}, a committee member, expected somebody else: nobody both proposes and vetoes`,
      { hint: `Choose another guardian, or take the account out of ${COMMITTEE}.` },
    );
  }
  return {
    deployer,
    minter: single("minter"),
    roundManager: single("roundManager"),
    guardian,
    treasury: single("treasury"),
    member1,
    member2,
    member3,
  };
}

function addressIn(variable: string, text: string): string {
  const trimmed = text.trim();
  // Not a type guard here: what is no address is still a text to show.
  const valid: boolean = isAddress(trimmed);
  if (!valid || getAddress(trimmed) === ZeroAddress) {
    const found = trimmed.length === 66 ? "something as long as a private key" : `"${trimmed}"`;
    throw new NumeraireError(`${variable}: found ${found}, expected an address, 0x and 40 hex digits`, {
      hint: `Addresses only, never keys: who holds a role signs elsewhere. ${DOCS}`,
    });
  }
  return getAddress(trimmed);
}
