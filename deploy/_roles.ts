/**
 * Roles of the AccessManager: who may call what. The number is the role's id on chain; 0 is the manager's admin, who
 * alone may call whatever else is restricted. A holder is a named account or a contract of the suite.
 */
export const roles = {
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
    holders: ["deployer"],
    functions: {
      OracleCommittee: ["addMember(address,uint256)", "removeMember(address,uint256)", "setQuorum(uint256)"],
    },
  },
} as const;
