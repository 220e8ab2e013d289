// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governor, IGovernor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {INumeraire} from "./interfaces/INumeraire.sol";
import {INumeraireGovernor} from "./interfaces/INumeraireGovernor.sol";
import {INumeraireVotes} from "./interfaces/INumeraireVotes.sol";

/// @title Governor of the Numeraire suite
/// @notice Holders of vNMR propose and vote; what passes goes through the timelock.
contract NumeraireGovernor is
    INumeraireGovernor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorTimelockControl
{
    using Checkpoints for Checkpoints.Trace208;

    /// @dev Basis points of the whole.
    uint256 private constant WHOLE = 10_000;

    /// @inheritdoc INumeraireGovernor
    INumeraire public immutable nmr;
    /// @inheritdoc INumeraireGovernor
    uint256 public immutable QUORUM_BPS;

    // Supply of NMR by the second it was recorded in.
    Checkpoints.Trace208 private _supplies;

    /// @param votes Token that votes are counted in.
    /// @param timelock_ Carries out what passed.
    /// @param initialVotingDelay Seconds from a proposal to its snapshot.
    /// @param initialVotingPeriod Seconds from the snapshot to the end of the vote.
    /// @param initialThresholdBps Share of all NMR it takes to propose, in basis points.
    /// @param quorumBps Share of all NMR that has to take part, in basis points.
    constructor(
        INumeraireVotes votes,
        TimelockController timelock_,
        uint48 initialVotingDelay,
        uint32 initialVotingPeriod,
        uint256 initialThresholdBps,
        uint256 quorumBps
    )
        Governor("Numeraire Governor")
        GovernorSettings(initialVotingDelay, initialVotingPeriod, initialThresholdBps)
        GovernorVotes(votes)
        GovernorTimelockControl(timelock_)
    {
        if (quorumBps == 0 || quorumBps > WHOLE) revert InvalidQuorum(WHOLE, quorumBps);
        // The settings were set before the quorum was known.
        _requireThreshold(initialThresholdBps, quorumBps);
        nmr = votes.nmr();
        QUORUM_BPS = quorumBps;
    }

    /// @inheritdoc INumeraireGovernor
    function recordSupply() public returns (uint256 supply) {
        supply = nmr.totalSupply();
        _supplies.push(clock(), SafeCast.toUint208(supply));
        emit SupplyRecorded(supply);
    }

    /// @inheritdoc INumeraireGovernor
    function proposalThresholdBps() public view returns (uint256) {
        return super.proposalThreshold();
    }

    /// @notice Votes it takes to propose now: a share of all NMR, rounded up.
    /// @return Votes, in wei.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return _share(nmr.totalSupply(), proposalThresholdBps());
    }

    /// @notice Votes for and abstentions that a proposal with a snapshot needs: a share of all NMR, rounded up, as last
    /// recorded up to the snapshot. Final once the snapshot has passed.
    /// @param timepoint Snapshot, in Unix seconds.
    /// @return Votes, in wei.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return _share(_supplies.upperLookupRecent(SafeCast.toUint48(timepoint)), QUORUM_BPS);
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc IGovernor
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @dev A proposal's quorum is a share of the NMR there is when it is made, at the least.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        recordSupply();
        return super._propose(targets, values, calldatas, description, proposer);
    }

    /// @dev The setting is a share, in basis points.
    function _setProposalThreshold(uint256 newThresholdBps) internal override {
        // Zero only while the constructor runs, which checks for itself.
        if (QUORUM_BPS != 0) _requireThreshold(newThresholdBps, QUORUM_BPS);
        super._setProposalThreshold(newThresholdBps);
    }

    /// @inheritdoc GovernorTimelockControl
    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc GovernorTimelockControl
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc GovernorTimelockControl
    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc GovernorTimelockControl
    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    /// @dev Rounded up: while there is any NMR, nothing is to be had for no vote.
    function _share(uint256 supply, uint256 bps) private pure returns (uint256) {
        return Math.ceilDiv(supply * bps, WHOLE); // 208 bits and 14
    }

    function _requireThreshold(uint256 thresholdBps, uint256 quorumBps) private pure {
        if (thresholdBps == 0 || thresholdBps > quorumBps) revert InvalidProposalThreshold(quorumBps, thresholdBps);
    }
}
