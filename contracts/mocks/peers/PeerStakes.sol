// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";

import {INumeraire} from "../../interfaces/INumeraire.sol";

/// @title Stakes of a peer
/// @notice What every design that the benchmark compares has in common: stakers send NMR in one transaction, one slot a
/// stake; an operator opens the round with its prize and says what becomes of the stakes.
abstract contract PeerStakes is IERC1363Receiver {
    struct Stake {
        uint96 amount; // zero once resolved
        uint96 confidence;
    }

    struct Round {
        uint40 closesAt;
        uint32 stakeCount;
        uint96 totalStaked;
    }

    INumeraire public immutable nmr;
    address public immutable operator;
    mapping(uint256 roundId => Round) public rounds;
    mapping(uint256 roundId => mapping(address staker => Stake)) public stakes;
    /// @notice Ether that could not be paid.
    mapping(address staker => uint256) public owed;

    event StakePlaced(
        uint256 indexed roundId,
        address indexed staker,
        uint256 amount,
        uint256 confidence,
        bytes32 predictionsHash
    );
    event StakeResolved(uint256 indexed roundId, address indexed staker, uint256 returned, uint256 etherPaid);

    error NotOperator(address caller);
    error NotNumeraire(address caller);
    error RoundNotOpen(uint256 roundId);
    error RoundNotClosed(uint256 roundId);
    error AlreadyStaked(address staker);
    error NothingStaked(address staker);

    modifier onlyOperator() {
        if (msg.sender != operator) revert NotOperator(msg.sender);
        _;
    }

    constructor(INumeraire nmr_) {
        nmr = nmr_;
        operator = msg.sender;
    }

    /// @notice Opens a round; the ether sent along is what it can pay.
    function openRound(uint256 roundId, uint40 closesAt) external payable onlyOperator {
        rounds[roundId].closesAt = closesAt;
    }

    /// @inheritdoc IERC1363Receiver
    /// @dev Stakes NMR sent with `abi.encode(roundId, confidence, predictionsHash)`.
    function onTransferReceived(address, address from, uint256 value, bytes calldata data) external returns (bytes4) {
        if (msg.sender != address(nmr)) revert NotNumeraire(msg.sender);
        (uint256 roundId, uint96 confidence, bytes32 predictionsHash) = abi.decode(data, (uint256, uint96, bytes32));
        Round memory round = rounds[roundId];
        if (block.timestamp >= round.closesAt) revert RoundNotOpen(roundId);
        if (stakes[roundId][from].amount != 0) revert AlreadyStaked(from);
        uint96 amount = uint96(value); // the lifetime cap of NMR is far below
        ++round.stakeCount;
        round.totalStaked += amount;
        rounds[roundId] = round;
        stakes[roundId][from] = Stake(amount, confidence);
        emit StakePlaced(roundId, from, amount, confidence, predictionsHash);
        return IERC1363Receiver.onTransferReceived.selector;
    }

    /// @dev Deletes a stake of a closed round, which the chain pays back for; gives what it held.
    function _take(uint256 roundId, address staker) internal returns (uint256 amount) {
        if (block.timestamp < rounds[roundId].closesAt) revert RoundNotClosed(roundId);
        amount = stakes[roundId][staker].amount;
        if (amount == 0) revert NothingStaked(staker);
        delete stakes[roundId][staker];
    }

    /// @dev Sends ether; what a staker refuses is noted.
    function _pay(address staker, uint256 amount) internal {
        if (amount > 0 && !payable(staker).send(amount)) owed[staker] += amount;
    }
}
