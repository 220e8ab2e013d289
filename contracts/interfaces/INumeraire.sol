// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC1363} from "@openzeppelin/contracts/interfaces/IERC1363.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title Numeraire (NMR)
/// @notice A capped ERC-20 with a linear weekly emission and real burning.
/// @dev All amounts are in wei of NMR (18 decimals). There is no pause, no owner and no upgrade.
interface INumeraire is IERC1363, IERC20Permit {
    /// @notice A mint asked for more than the allowance that has accrued.
    /// @param requested NMR that was asked for, in wei.
    /// @param available NMR that may be minted now, in wei.
    error MintAboveAllowance(uint256 requested, uint256 available);

    /// @notice Creates new NMR out of the allowance that has accrued.
    /// @dev Emits {IERC20-Transfer} from the zero address.
    /// Requirements: the caller holds the minter role of the authority; `amount` is at most {mintable}.
    /// @param to Account that receives the NMR.
    /// @param amount NMR to create, in wei.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys NMR of the caller for ever; burning never frees room under {MAX_MINTED}.
    /// @dev Emits {IERC20-Transfer} to the zero address.
    /// @param amount NMR to destroy, in wei.
    function burn(uint256 amount) external;

    /// @notice Destroys NMR of an account that gave the caller an allowance.
    /// @dev Emits {IERC20-Transfer} to the zero address.
    /// @param account Account whose NMR is destroyed.
    /// @param amount NMR to destroy, in wei.
    function burnFrom(address account, uint256 amount) external;

    /// @notice The most NMR that can ever be minted, burned or not.
    /// @return Cap on {totalMinted}, in wei.
    // forge-style constant name: the ABI is fixed by the specification
    // solhint-disable-next-line func-name-mixedcase
    function MAX_MINTED() external view returns (uint256);

    /// @notice NMR that becomes mintable in one week; it accrues every second.
    /// @return Emission, in wei a week.
    // solhint-disable-next-line func-name-mixedcase
    function WEEKLY_EMISSION() external view returns (uint256);

    /// @notice NMR that was mintable at deployment.
    /// @return Allowance, in wei.
    // solhint-disable-next-line func-name-mixedcase
    function INITIAL_ALLOWANCE() external view returns (uint256);

    /// @notice When the emission began.
    /// @return Unix time of deployment, in seconds.
    // solhint-disable-next-line func-name-mixedcase
    function DEPLOYED_AT() external view returns (uint256);

    /// @notice NMR that may be minted now: min(initial + emission × elapsed / 7 days, cap) − {totalMinted}.
    /// @return Allowance left, in wei.
    function mintable() external view returns (uint256);

    /// @notice NMR ever minted.
    /// @return Amount, in wei.
    function totalMinted() external view returns (uint256);

    /// @notice NMR ever destroyed: {totalMinted} − {IERC20-totalSupply}.
    /// @return Amount, in wei.
    function totalBurned() external view returns (uint256);
}
