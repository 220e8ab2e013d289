/**
 * Roles of the AccessManager: who may call what, at once: no role has a delay, for the timelock is the only one. The
 * number is the role's id on chain; 0 is the manager's admin, who grants the others and alone may call whatever else is
 * restricted. A holder is a named account, a contract of the suite, or "admin": who that is, the stage says (_stages.ts).
 */
export const roles = {
  ADMIN: { id: 0n, holders: ["admin"], functions: {} },
  MINTER: {
    id: 1n,
    holders: ["minter", "WeeklyRewards"],
    functions: { Numeraire: ["mint(address,uint256)"] },
  },
  ROUND_MANAGER: {
    id: 2n,
    holders: ["roundManager"],
    functions: {
      StakingTournament: ["openRound((uint40,uint40,uint32,uint32,uint8,uint88,uint96),address)"],
    },
  },
  GUARDIAN: {
    id: 3n,
    holders: ["guardian"],
    functions: {
      StakingTournament: ["cancelRound(uint256)", "veto(uint256,string)"],
      WeeklyRewards: ["vetoWeek(string)"],
    },
  },
  COMMITTEE_ADMIN: {
    id: 4n,
    holders: ["admin"],
    functions: {
      OracleCommittee: ["addMember(address,uint256)", "removeMember(address,uint256)", "setQuorum(uint256)"],
    },
  },
} as const;
