// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {INumeraire} from "./interfaces/INumeraire.sol";
import {IOracleCommittee} from "./interfaces/IOracleCommittee.sol";
import {IWeeklyRewards} from "./interfaces/IWeeklyRewards.sol";

/// @title Weekly rewards
/// @notice New NMR for accounts that earned it, week by week: one Merkle root says what each has ever earned.
contract WeeklyRewards is IWeeklyRewards, AccessManaged {
    /// @notice Seconds between a proposal and its activation, in which anybody can check it and the guardian veto it.
    uint256 public constant CHALLENGE_PERIOD = 2 days;
    /// @notice Seconds after which a proposal cannot be activated.
    uint256 public constant PROPOSAL_LIFETIME = 14 days;

    /// @inheritdoc IWeeklyRewards
    INumeraire public immutable nmr;
    /// @inheritdoc IWeeklyRewards
    IOracleCommittee public immutable committee;
    /// @inheritdoc IWeeklyRewards
    uint256 public immutable DEPLOYED_AT;

    // Claiming reads and writes one slot: week and sums; NMR ever minted fits 96 bits.
    /// @inheritdoc IWeeklyRewards
    uint40 public lastWeek;
    /// @inheritdoc IWeeklyRewards
    uint96 public allocated;
    /// @inheritdoc IWeeklyRewards
    uint96 public totalClaimed;
    /// @inheritdoc IWeeklyRewards
    bytes32 public root;
    /// @inheritdoc IWeeklyRewards
    mapping(address account => uint256 amount) public claimed;
    /// @inheritdoc IWeeklyRewards
    uint256 public weeklyBudget;
    /// @inheritdoc IWeeklyRewards
    uint256 public proposalCount;
    /// @inheritdoc IWeeklyRewards
    uint256 public vetoedCount;
    mapping(uint256 proposalId => Proposal) private _proposals;

    /// @param authority AccessManager that says who may veto and set the budget.
    /// @param nmr_ Token that is minted and paid.
    /// @param committee_ Committee that proposes and approves.
    /// @param initialBudget Most NMR a week may add, in wei.
    constructor(
        address authority,
        INumeraire nmr_,
        IOracleCommittee committee_,
        uint256 initialBudget
    ) AccessManaged(authority) {
        if (address(nmr_) == address(0) || address(committee_) == address(0)) revert ZeroAddress();
        nmr = nmr_;
        committee = committee_;
        weeklyBudget = initialBudget;
        DEPLOYED_AT = block.timestamp;
    }

    /// @inheritdoc IWeeklyRewards
    function proposeWeek(
        uint40 week,
        bytes32 newRoot,
        uint96 added,
        bytes32 evidenceHash,
        string calldata evidenceURI
    ) external returns (uint256 proposalId) {
        if (!committee.isMember(msg.sender)) revert NotCommitteeMember(msg.sender);
        _requireNext(week);
        uint256 dueAt = DEPLOYED_AT + uint256(week) * 7 days;
        if (block.timestamp < dueAt) revert WeekNotDue(dueAt, block.timestamp);
        _requireWithinBudget(added);
        if (newRoot == 0) revert ZeroRoot();

        proposalId = ++proposalCount;
        Proposal storage proposal = _proposals[proposalId];
        proposal.proposer = msg.sender;
        proposal.added = added;
        proposal.week = week;
        proposal.proposedAt = uint40(block.timestamp); // for 34,000 years
        proposal.root = newRoot;
        proposal.evidenceHash = evidenceHash;
        bytes32 hash = _reportHash(proposalId, proposal);
        emit WeekProposed(proposalId, week, msg.sender, newRoot, added, hash, evidenceHash, evidenceURI);
    }

    /// @inheritdoc IWeeklyRewards
    function activateWeek(uint256 proposalId) external {
        Proposal storage proposal = _requireProposal(proposalId);
        if (proposalId <= vetoedCount) revert ProposalVetoed(proposalId);
        uint40 week = proposal.week;
        _requireNext(week);
        uint256 challengeEnds = proposal.proposedAt + CHALLENGE_PERIOD;
        if (block.timestamp < challengeEnds) revert ChallengePeriodRunning(challengeEnds, block.timestamp);
        uint256 expiredAt = proposal.proposedAt + PROPOSAL_LIFETIME;
        if (block.timestamp > expiredAt) revert ProposalExpired(expiredAt, block.timestamp);
        uint96 added = proposal.added;
        _requireWithinBudget(added); // it may have been lowered since
        bytes32 hash = _reportHash(proposalId, proposal);
        if (!committee.isApproved(hash)) revert ReportNotApproved(hash);

        lastWeek = week; // first, so that a proposal is activated once whatever minting calls
        nmr.mint(address(this), added);
        allocated += added; // part of what was ever minted
        root = proposal.root;
        emit WeekActivated(week, proposalId, proposal.root, added, allocated);
    }

    /// @inheritdoc IWeeklyRewards
    function vetoWeek(string calldata reason) external restricted {
        vetoedCount = proposalCount;
        emit ProposalsVetoed(proposalCount, reason);
    }

    /// @inheritdoc IWeeklyRewards
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external {
        _requireRoot(MerkleProof.processProofCalldata(proof, _leaf(account, cumulative)));

        uint256 amount = _credit(account, cumulative, allocated - totalClaimed);
        if (amount == 0) revert NothingToClaim(account, claimed[account], cumulative);
        totalClaimed += uint96(amount); // at most allocated

        // NMR reverts on failure and calls nobody back.
        nmr.transfer(account, amount);
    }

    /// @inheritdoc IWeeklyRewards
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external {
        uint256 count = accounts.length;
        if (count == 0 || count != cumulatives.length) revert InvalidBatch(count, cumulatives.length);
        _requireShape(count, proof.length, proofFlags);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = _leaf(accounts[i], cumulatives[i]);
        _requireRoot(MerkleProof.processMultiProofCalldata(proof, proofFlags, leaves));

        uint256[] memory amounts = new uint256[](count);
        uint256 available = allocated - totalClaimed;
        uint256 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            amounts[i] = _credit(accounts[i], cumulatives[i], available - total);
            total += amounts[i];
        }
        if (total == 0) revert NothingToClaim(accounts[0], claimed[accounts[0]], cumulatives[0]);
        totalClaimed += uint96(total); // at most allocated

        for (uint256 i = 0; i < count; ++i) {
            // NMR reverts on failure and calls nobody back.
            if (amounts[i] > 0) nmr.transfer(accounts[i], amounts[i]);
        }
    }

    /// @inheritdoc IWeeklyRewards
    function setWeeklyBudget(uint256 newBudget) external restricted {
        weeklyBudget = newBudget;
        emit WeeklyBudgetChanged(newBudget);
    }

    /// @inheritdoc IWeeklyRewards
    function reportHash(uint256 proposalId) external view returns (bytes32) {
        return _reportHash(proposalId, _requireProposal(proposalId));
    }

    /// @inheritdoc IWeeklyRewards
    function getProposal(uint256 proposalId) external view returns (Proposal memory) {
        return _requireProposal(proposalId);
    }

    /// @dev Books what a leaf allows above what its account claimed.
    /// @param available NMR that is allocated and not claimed, in wei.
    /// @return amount NMR to pay, in wei; zero when there is nothing to claim.
    function _credit(address account, uint256 cumulative, uint256 available) private returns (uint256 amount) {
        uint256 before = claimed[account];
        if (cumulative <= before) return 0;
        amount = cumulative - before;
        if (amount > available) revert ClaimAboveAllocation(available, amount);
        claimed[account] = cumulative;
        emit RewardClaimed(account, amount, cumulative);
    }

    /// @dev Weeks come one after another, so a week is activated once and the clock limits how many there can be.
    function _requireNext(uint256 week) private view {
        uint256 expected = uint256(lastWeek) + 1;
        if (week != expected) revert UnexpectedWeek(expected, week);
    }

    function _requireWithinBudget(uint256 added) private view {
        if (added > weeklyBudget) revert AddedAboveBudget(weeklyBudget, added);
    }

    function _requireProposal(uint256 proposalId) private view returns (Proposal storage proposal) {
        proposal = _proposals[proposalId];
        if (proposal.proposer == address(0)) revert ProposalNotFound(proposalId);
    }

    /// @dev No proof leads to zero, the root before the first week.
    function _requireRoot(bytes32 computed) private view {
        if (computed != root) revert InvalidProof(root, computed);
    }

    function _reportHash(uint256 proposalId, Proposal storage proposal) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    block.chainid,
                    this,
                    proposal.week,
                    proposalId,
                    proposal.root,
                    proposal.added,
                    proposal.evidenceHash
                )
            );
    }

    /// @dev Of another shape, a multiproof could join hashes that are not computed yet, and so leave a leaf out.
    function _requireShape(uint256 leaves, uint256 siblings, bool[] calldata proofFlags) private pure {
        uint256 joins = 0;
        for (uint256 i = 0; i < proofFlags.length; ++i) {
            if (proofFlags[i]) ++joins;
        }
        uint256 takes = proofFlags.length - joins;
        if (joins != leaves - 1 || takes != siblings) revert InvalidMultiproof(leaves, siblings, joins, takes);
    }

    /// @dev Hashed twice, so that no inner node of the tree passes for a leaf.
    function _leaf(address account, uint256 cumulative) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }
}
