// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Token allowance
/// @notice The counters of Numeraire and every way they change, with time as a number that only rises.
/// @dev Balances are left out: that they sum to the supply is OpenZeppelin's.
contract TokenAllowance {
    uint256 public constant MAX_MINTED = 21_000_000e18;
    uint256 public constant WEEKLY_EMISSION = 96_153_846_153_846_153_846_153;
    // Written once, like the immutable it stands for; the solver is much slower with an immutable.
    uint256 private INITIAL_ALLOWANCE;
    uint256 private totalMinted;
    uint256 private totalSupply;
    uint256 private everBurned;
    uint256 private elapsed;

    constructor(uint256 initialAllowance) {
        if (initialAllowance > MAX_MINTED) revert();
        INITIAL_ALLOWANCE = initialAllowance;
    }

    function pass(uint40 time) external {
        elapsed += time;
    }

    function mint(uint256 amount) external {
        uint256 emitted = (WEEKLY_EMISSION * elapsed) / 7 days;
        uint256 cap = INITIAL_ALLOWANCE + emitted < MAX_MINTED ? INITIAL_ALLOWANCE + emitted : MAX_MINTED;
        uint256 available = cap - totalMinted;
        if (amount > available) revert();
        totalMinted += amount;
        totalSupply += amount;
    }

    function burn(uint256 amount) external {
        totalSupply -= amount; // checked
        everBurned += amount;
    }

    function capHolds() external view {
        assert(totalMinted <= MAX_MINTED);
    }

    function emissionHolds() external view {
        assert(totalMinted <= INITIAL_ALLOWANCE + (WEEKLY_EMISSION * elapsed) / 7 days);
    }

    function supplyAddsUp() external view {
        assert(totalSupply == totalMinted - everBurned);
    }
}
