// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TrackRecord} from "../libraries/TrackRecord.sol";

/// @title Track record harness
/// @notice Opens the library to tests, many settlements a call.
contract TrackRecordHarness {
    struct Settlement {
        uint24 ordinal;
        bool qualified;
    }

    /// @return history Record after settling in the order given, from an empty one.
    /// @return lastOrdinal Newest ordinal recorded.
    function recordAll(Settlement[] calldata settlements) external pure returns (uint256 history, uint256 lastOrdinal) {
        for (uint256 i = 0; i < settlements.length; ++i) {
            if (!settlements[i].qualified) continue;
            (history, lastOrdinal) = TrackRecord.record(history, lastOrdinal, settlements[i].ordinal);
        }
    }

    function reputation(uint40 history, uint24 lastOrdinal, uint256 ordinal) external pure returns (uint256) {
        return TrackRecord.reputation(history, lastOrdinal, ordinal);
    }
}
