// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {INumeraire} from "./INumeraire.sol";
import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title Weekly rewards
/// @notice New NMR for accounts that earned it, week by week: one Merkle root says what each has ever earned.
/// @dev NMR is in wei, times in Unix seconds. Leaves are those of OpenZeppelin's `StandardMerkleTree` of
/// `["address","uint256"]`: keccak256(bytes.concat(keccak256(abi.encode(account, cumulative)))). A new root replaces the
/// last one; what was not claimed stays claimable, because every root holds all that was ever earned.
/// Warning: the contract cannot see leaves that are not claimed. A captured quorum whose root passes the challenge
/// period unvetoed redirects everything that is unclaimed; it can neither mint more nor take back what was claimed.
interface IWeeklyRewards {
    /// @notice One committee member's root for a week.
    /// @param proposer Member that proposed it.
    /// @param added NMR that the week adds, in wei.
    /// @param week Number of the week, from 1.
    /// @param proposedAt When it was proposed.
    /// @param root Root of the tree of all that was ever earned.
    /// @param evidenceHash Hash of what the tree was computed from.
    struct Proposal {
        address proposer;
        uint96 added;
        uint40 week;
        uint40 proposedAt;
        bytes32 root;
        bytes32 evidenceHash;
    }

    /// @notice A committee member proposed a week.
    /// @param proposalId Number of the proposal, from 1.
    /// @param week Number of the week.
    /// @param proposer Member that proposed it.
    /// @param root Root of the tree of all that was ever earned.
    /// @param added NMR that the week adds, in wei.
    /// @param reportHash Hash the committee has to approve.
    /// @param evidenceHash Hash of what the tree was computed from.
    /// @param evidenceURI Where that can be found.
    event WeekProposed(
        uint256 indexed proposalId,
        uint256 indexed week,
        address indexed proposer,
        bytes32 root,
        uint256 added,
        bytes32 reportHash,
        bytes32 evidenceHash,
        string evidenceURI
    );

    /// @notice A week's root went live, and its NMR was minted.
    /// @param week Number of the week.
    /// @param proposalId Proposal that was activated.
    /// @param root Root that claims are proved against from now on.
    /// @param added NMR minted for the week, in wei.
    /// @param allocated NMR minted for all weeks so far, in wei.
    event WeekActivated(
        uint256 indexed week,
        uint256 indexed proposalId,
        bytes32 root,
        uint256 added,
        uint256 allocated
    );

    /// @notice The guardian vetoed every proposal made so far.
    /// @param proposalCount Newest proposal that is vetoed.
    /// @param reason Why, in the guardian's words.
    event ProposalsVetoed(uint256 proposalCount, string reason);

    /// @notice An account was paid.
    /// @param account Account that was paid.
    /// @param amount NMR paid, in wei.
    /// @param cumulative NMR the account has claimed in all, in wei.
    event RewardClaimed(address indexed account, uint256 amount, uint256 cumulative);

    /// @notice The weekly budget changed.
    /// @param weeklyBudget Most NMR a week may add from now on, in wei.
    event WeeklyBudgetChanged(uint256 weeklyBudget);

    /// @notice A part of the suite cannot be the zero address.
    error ZeroAddress();

    /// @notice Only committee members propose weeks.
    /// @param account Account that called.
    error NotCommitteeMember(address account);

    /// @notice Weeks come one after another.
    /// @param expected Week that is next.
    /// @param week Week that was given, or that the proposal is for.
    error UnexpectedWeek(uint256 expected, uint256 week);

    /// @notice The week is not over yet.
    /// @param dueAt When it is.
    /// @param timestamp Time of the call.
    error WeekNotDue(uint256 dueAt, uint256 timestamp);

    /// @notice The week would add more than the weekly budget.
    /// @param budget Weekly budget, in wei.
    /// @param added NMR the week would add, in wei.
    error AddedAboveBudget(uint256 budget, uint256 added);

    /// @notice Zero is no root.
    error ZeroRoot();

    /// @notice There is no such proposal.
    /// @param proposalId Number that was given.
    error ProposalNotFound(uint256 proposalId);

    /// @notice The guardian vetoed the proposal.
    /// @param proposalId Number of the proposal.
    error ProposalVetoed(uint256 proposalId);

    /// @notice The proposal is too old to be activated.
    /// @param expiredAt Last second in which it could be.
    /// @param timestamp Time of the call.
    error ProposalExpired(uint256 expiredAt, uint256 timestamp);

    /// @notice The challenge period is not over.
    /// @param challengeEnds When it is.
    /// @param timestamp Time of the call.
    error ChallengePeriodRunning(uint256 challengeEnds, uint256 timestamp);

    /// @notice The committee has not approved the proposal.
    /// @param reportHash Hash it has to approve.
    error ReportNotApproved(bytes32 reportHash);

    /// @notice The proof leads to another root: wrong account, amount or proof, or a proof of an earlier week.
    /// @param root Root of the newest week; zero before the first.
    /// @param computed Root that the proof leads to.
    error InvalidProof(bytes32 root, bytes32 computed);

    /// @notice A batch names at least one account, and an amount for each.
    /// @param accounts Accounts that were given.
    /// @param cumulatives Amounts that were given.
    error InvalidBatch(uint256 accounts, uint256 cumulatives);

    /// @notice A multiproof joins all leaves but one with each other, and takes each sibling once.
    /// @param leaves Leaves that were given.
    /// @param siblings Hashes in the proof.
    /// @param joins Flags that are set, expected `leaves - 1`.
    /// @param takes Flags that are not set, expected `siblings`.
    error InvalidMultiproof(uint256 leaves, uint256 siblings, uint256 joins, uint256 takes);

    /// @notice The account has claimed all that the leaf allows.
    /// @param account Account of the leaf; of the batch's first leaf, when the whole batch has nothing to claim.
    /// @param claimed NMR the account has claimed, in wei.
    /// @param cumulative NMR the leaf says that it has ever earned, in wei.
    error NothingToClaim(address account, uint256 claimed, uint256 cumulative);

    /// @notice The tree promises more than was minted for it.
    /// @param available NMR that is allocated and not claimed, in wei.
    /// @param amount NMR the leaf asks for, in wei.
    error ClaimAboveAllocation(uint256 available, uint256 amount);

    /// @notice Proposes the next week; proposals of different members, and of the same, live side by side.
    /// @dev Emits {WeekProposed}. Requirements: the caller is a committee member; the week is the one after
    /// {lastWeek} and over, counted from the deployment; `added` is at most {weeklyBudget}; `root` is not zero.
    /// @param week Number of the week.
    /// @param root Root of the tree of all that was ever earned.
    /// @param added NMR that the week adds, in wei.
    /// @param evidenceHash Hash of what the tree was computed from.
    /// @param evidenceURI Where that can be found.
    /// @return proposalId Number of the proposal.
    function proposeWeek(
        uint40 week,
        bytes32 root,
        uint96 added,
        bytes32 evidenceHash,
        string calldata evidenceURI
    ) external returns (uint256 proposalId);

    /// @notice Mints a proposal's NMR and makes its root live.
    /// @dev Emits {WeekActivated}. Requirements: the proposal is neither vetoed nor expired and of the week after
    /// {lastWeek}; the challenge period is over; what it adds is within the budget of today; the committee approves its
    /// report hash. Whether its proposer is still a member does not matter: a quorum of members stands for it.
    /// @param proposalId Number of the proposal.
    function activateWeek(uint256 proposalId) external;

    /// @notice Kills every proposal that was made so far; weeks that are live stay.
    /// @dev Emits {ProposalsVetoed}. Requirements: the caller holds the guardian role.
    /// @param reason Why.
    function vetoWeek(string calldata reason) external;

    /// @notice Pays an account what it has earned and not claimed; anybody may call.
    /// @dev Emits {RewardClaimed}. Requirements: the leaf is in the tree of the newest week and above what the account
    /// claimed.
    /// @param account Account to pay.
    /// @param cumulative NMR it has ever earned, in wei.
    /// @param proof Siblings on the way from the leaf to the root.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external;

    /// @notice Pays many accounts; one that has claimed already is skipped, so that nobody can spoil a batch by claiming
    /// first.
    /// @dev Emits {RewardClaimed} for each account paid. Requirements: every leaf is in the tree of the newest week; at
    /// least one is above what its account claimed.
    /// @param accounts Accounts to pay, in the order of the multiproof's leaves.
    /// @param cumulatives NMR each has ever earned, in wei.
    /// @param proof Hashes that the leaves do not lead to.
    /// @param proofFlags For each join whether it is of two known hashes, or of one with the next of `proof`.
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external;

    /// @notice Changes what a week may add, for proposals that are open as well.
    /// @dev Emits {WeeklyBudgetChanged}. Requirements: the caller is the admin.
    /// @param newBudget Most NMR a week may add, in wei.
    function setWeeklyBudget(uint256 newBudget) external;

    /// @notice The hash that the committee has to approve: keccak256(abi.encode(chainid, this, week, proposalId, root,
    /// added, evidenceHash)).
    /// @param proposalId Number of the proposal.
    /// @return Hash of the proposal.
    function reportHash(uint256 proposalId) external view returns (bytes32);

    /// @notice A proposal, whatever became of it.
    /// @param proposalId Number of the proposal.
    /// @return The proposal.
    function getProposal(uint256 proposalId) external view returns (Proposal memory);

    /// @notice Proposals made so far; the newest has this number.
    /// @return Number of proposals.
    function proposalCount() external view returns (uint256);

    /// @notice Proposals up to this number are vetoed, unless they are live already.
    /// @return Number of the newest vetoed proposal.
    function vetoedCount() external view returns (uint256);

    /// @notice The newest week whose root is live.
    /// @return Number of the week; 0 before the first.
    function lastWeek() external view returns (uint40);

    /// @notice Root that claims are proved against.
    /// @return Root of the newest week; zero before the first.
    function root() external view returns (bytes32);

    /// @notice NMR minted for all weeks so far.
    /// @return Amount, in wei.
    function allocated() external view returns (uint96);

    /// @notice NMR paid so far.
    /// @return Amount, in wei.
    function totalClaimed() external view returns (uint96);

    /// @notice NMR paid to an account so far.
    /// @param account Account to look up.
    /// @return Amount, in wei.
    function claimed(address account) external view returns (uint256);

    /// @notice Most NMR a week may add.
    /// @return Amount, in wei.
    function weeklyBudget() external view returns (uint256);

    /// @notice When weeks began to count.
    /// @return Unix time of deployment, in seconds.
    // solhint-disable-next-line func-name-mixedcase
    function DEPLOYED_AT() external view returns (uint256);

    /// @notice Token that is paid.
    /// @return Contract of NMR.
    function nmr() external view returns (INumeraire);

    /// @notice Committee that proposes and approves.
    /// @return Contract of the committee.
    function committee() external view returns (IOracleCommittee);
}
