// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Bonus counter
/// @notice That bonuses never exceed their pool, by induction over the settlements of a round: with
/// `bonusPaid × prizePool ≤ bonusPool × etherPaid` before a settlement it holds after it, and with `etherPaid ≤ prizePool`
/// (PrizeCounters) it says that the pool suffices. At first both sides are zero.
/// @dev The induction is made here, since the solver does not find it: it multiplies unknowns.
contract BonusCounter {
    uint256 private constant WINDOW = 20;

    function stepHolds(
        uint96 bonusPaid,
        uint96 paidBefore,
        uint96 prizePool,
        uint96 bonusPool,
        uint96 etherPaid,
        uint8 reputation
    ) external pure {
        require(prizePool > 0 && reputation <= WINDOW);
        require(uint256(bonusPaid) * prizePool <= uint256(bonusPool) * paidBefore);
        uint256 bonus = (uint256(bonusPool) * etherPaid * reputation) / (uint256(prizePool) * WINDOW);
        assert((bonusPaid + bonus) * prizePool <= uint256(bonusPool) * (uint256(paidBefore) + etherPaid));
    }

    /// @dev By contradiction: bonuses `excess` above the pool, and ether `unspent` below the prize pool.
    function poolSuffices(uint96 bonusPool, uint96 excess, uint96 prizePool, uint96 unspent) external pure {
        require(prizePool > 0 && excess > 0 && unspent <= prizePool);
        uint256 bonusPaid = uint256(bonusPool) + excess;
        uint256 etherPaid = uint256(prizePool) - unspent;
        assert(bonusPaid * prizePool > uint256(bonusPool) * etherPaid);
    }
}
