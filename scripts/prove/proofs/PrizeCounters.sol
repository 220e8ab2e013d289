// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Prize counters
/// @notice The sums that prove a cut, and the ether paid by them afterwards.
/// @dev Any set of stakes: `due` is what a performing stake above the cut asks for, and settling takes any part of what
/// those stakes ask for together. Stakes that are paid nothing change none of these numbers.
/// The contract looks at `above` once a chunk, not once a stake: it only rises, so both refuse the same attempts.
contract PrizeCounters {
    uint256 private prizePool;
    uint256 private above;
    uint256 private asked; // as `above`, but without the limit
    uint256 private unpaid;
    uint256 private etherPaid;
    bool private complete;
    bool private hasCut;
    bool private cutSettled;

    constructor(uint96 pool) {
        prizePool = pool;
    }

    function score(uint160 due) external {
        require(!complete && prizePool != 0);
        above += due < prizePool ? due : prizePool;
        asked += due;
        if (above >= prizePool && above > 0) revert();
    }

    function finish(bool withCut, uint160 cutDue) external {
        require(!complete);
        if (withCut) {
            require(prizePool > 0);
            if (above + cutDue < prizePool) revert();
        }
        hasCut = withCut;
        unpaid = asked;
        complete = true;
    }

    function settle(uint256 due) external {
        require(complete && due <= unpaid);
        unpaid -= due;
        etherPaid += due;
    }

    function settleCut() external {
        require(complete && hasCut && !cutSettled);
        cutSettled = true;
        etherPaid += prizePool - above;
    }

    function limitIsIdle() external view {
        assert(asked == above);
    }

    function poolSuffices() external view {
        assert(etherPaid <= prizePool);
    }

    function cutEmptiesPool() external view {
        require(hasCut && cutSettled && unpaid == 0);
        assert(etherPaid == prizePool);
    }
}
