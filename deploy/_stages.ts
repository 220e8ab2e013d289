/**
 * Stages of decentralisation: who holds what the deployer holds at first. A holder is the deployer, the Safe of
 * _parameters.ts or a contract of the suite. The hand-over goes from one stage to the next, and leaves the former holder
 * nothing.
 */
export const stages = [
  { name: "deployer", admin: "deployer", timelockAdmins: ["TimelockController", "deployer"], proposers: [] },
  { name: "Safe and guardian", admin: "safe", timelockAdmins: ["TimelockController"], proposers: ["safe"] },
  { name: "timelock", admin: "TimelockController", timelockAdmins: ["TimelockController"], proposers: ["safe"] },
  {
    name: "governor",
    admin: "TimelockController",
    timelockAdmins: ["TimelockController"],
    proposers: ["NumeraireGovernor"],
  },
] as const;

/** Place in {@link stages}. */
export type Stage = 0 | 1 | 2 | 3;
