// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {INumeraire} from "./INumeraire.sol";

/// @title Governor of the Numeraire suite
/// @notice What it adds to OpenZeppelin's Governor: threshold and quorum are shares of all NMR there is, wrapped or not.
/// @dev Votes and NMR are in wei (18 decimals), timepoints are Unix seconds, shares are basis points.
interface INumeraireGovernor {
    /// @notice The supply of NMR that quorums from now on are a share of was recorded.
    /// @param supply NMR in existence, in wei.
    event SupplyRecorded(uint256 supply);

    /// @notice The quorum must be more than nothing and at most everything.
    /// @param most Highest share that is allowed, in basis points.
    /// @param found Share that was given, in basis points.
    error InvalidQuorum(uint256 most, uint256 found);

    /// @notice The threshold must be more than nothing, and whoever could carry a vote alone must be able to propose.
    /// @param most Highest share that is allowed, the quorum's, in basis points.
    /// @param found Share that was given, in basis points.
    error InvalidProposalThreshold(uint256 most, uint256 found);

    /// @notice Records how much NMR there is. Each proposal does; anybody may once more, so that NMR which is minted or
    /// burned between a proposal and its snapshot counts for its quorum.
    /// @dev Emits {SupplyRecorded}. What is recorded later than a proposal's snapshot does not change its quorum.
    /// @return supply NMR in existence, in wei.
    function recordSupply() external returns (uint256 supply);

    /// @notice The token whose supply threshold and quorum are a share of.
    /// @return Contract of NMR.
    function nmr() external view returns (INumeraire);

    /// @notice Share of all NMR that has to vote for a proposal or abstain; fixed for ever.
    /// @return Share, in basis points.
    // solhint-disable-next-line func-name-mixedcase
    function QUORUM_BPS() external view returns (uint256);

    /// @notice Share of all NMR whose votes it takes to propose; a vote can change it by `setProposalThreshold`, whose
    /// argument and event are in basis points as well.
    /// @return Share, in basis points.
    function proposalThresholdBps() external view returns (uint256);
}
