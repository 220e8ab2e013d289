// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VM} from "./Vm.sol";

/// @title Artifact
/// @notice Deploys what `hardhat build` made, so that the code under test is the code that is deployed.
library Artifact {
    error DeploymentFailed(string name);

    /// @param name Name of the contract.
    /// @param arguments Its constructor arguments, encoded.
    function deploy(string memory name, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = abi.encodePacked(VM.getCode(name), arguments);
        // Solidity has no statement that creates a contract from bytes.
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        if (deployed == address(0)) revert DeploymentFailed(name);
    }
}
