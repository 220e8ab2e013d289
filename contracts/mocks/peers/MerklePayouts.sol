// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {INumeraire} from "../../interfaces/INumeraire.sol";
import {PeerStakes} from "./PeerStakes.sol";

/// @title Merkle payouts
/// @notice The operator publishes the root of a list of payouts and destroys what it says failed; then each staker
/// claims with a proof, or a keeper claims for many with one multiproof.
contract MerklePayouts is PeerStakes {
    struct Claim {
        address staker;
        uint96 etherPaid; // wei
    }

    mapping(uint256 roundId => bytes32) public roots;

    event RootPublished(uint256 indexed roundId, bytes32 root, uint256 burned);

    error RootAlreadyPublished(uint256 roundId);
    error InvalidProof(uint256 roundId);

    constructor(INumeraire nmr_) PeerStakes(nmr_) {}

    /// @notice Publishes the payouts of a round. Stakes without a leaf are destroyed: `burned` is their sum, as the
    /// operator says.
    function publish(uint256 roundId, bytes32 root, uint256 burned) external onlyOperator {
        if (block.timestamp < rounds[roundId].closesAt) revert RoundNotClosed(roundId);
        if (roots[roundId] != 0) revert RootAlreadyPublished(roundId);
        roots[roundId] = root;
        emit RootPublished(roundId, root, burned);
        if (burned > 0) nmr.burn(burned);
    }

    /// @notice Pays the caller what the list says.
    function claim(uint256 roundId, uint96 etherPaid, bytes32[] calldata proof) external {
        bytes32 leaf = _leaf(msg.sender, etherPaid);
        if (!MerkleProof.verifyCalldata(proof, roots[roundId], leaf)) revert InvalidProof(roundId);
        _resolve(roundId, msg.sender, etherPaid);
    }

    /// @notice Pays many stakers what the list says; anybody may call.
    /// @param claims In the order that the multiproof consumes them.
    function claimMany(
        uint256 roundId,
        Claim[] calldata claims,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external {
        bytes32[] memory leaves = new bytes32[](claims.length);
        for (uint256 i = 0; i < claims.length; ++i) leaves[i] = _leaf(claims[i].staker, claims[i].etherPaid);
        if (!MerkleProof.multiProofVerifyCalldata(proof, proofFlags, roots[roundId], leaves)) {
            revert InvalidProof(roundId);
        }
        for (uint256 i = 0; i < claims.length; ++i) _resolve(roundId, claims[i].staker, claims[i].etherPaid);
    }

    function _resolve(uint256 roundId, address staker, uint256 etherPaid) private {
        uint256 amount = _take(roundId, staker);
        emit StakeResolved(roundId, staker, amount, etherPaid);
        nmr.transfer(staker, amount);
        _pay(staker, etherPaid);
    }

    /// @dev Hashed twice, so that no inner node can pass for a leaf.
    function _leaf(address staker, uint96 etherPaid) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(staker, etherPaid))));
    }
}
