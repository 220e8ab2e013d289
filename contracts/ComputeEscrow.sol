// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ComputeProviders} from "./ComputeProviders.sol";
import {IComputeEscrow} from "./interfaces/IComputeEscrow.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";
import {WalletSignature} from "./libraries/WalletSignature.sol";

/// @title Compute escrow
/// @notice Users deposit NMR with a provider of computing power, who is paid by cumulative vouchers that they sign; what
/// is not used comes back.
contract ComputeEscrow is ComputeProviders, EIP712, ReentrancyGuardTransient {
    using SafeCast for uint256;

    /// @notice Longest time ahead that a reservation lasts, in seconds.
    uint256 public constant MAX_RESERVATION = 30 days;
    /// @notice Seconds after which a matured withdrawal lapses.
    uint256 public constant WITHDRAWAL_LIFETIME = 3 days;
    /// @notice EIP-712 hash of the voucher's type.
    bytes32 public constant VOUCHER_TYPEHASH = keccak256(
        "UsageVoucher(uint256 providerId,address user,uint96 cumulative,bytes32 usageRoot,uint40 validUntil)"
    );
    /// @dev Length of `abi.encode(providerId)`.
    uint256 private constant DEPOSIT_DATA_LENGTH = 32;

    /// @dev One slot: all that a voucher changes in a channel without holds.
    struct Book {
        uint96 funds;
        uint96 claimed;
    }

    /// @dev One slot: what part of the balance is spoken for. Always reserved + pending ≤ balance, which is NMR and so
    /// fits 88 bits; what ran out or lapsed stays until it is overwritten, and {_holds} reads it as zero.
    struct Holds {
        uint88 reserved;
        uint40 reservedUntil;
        uint88 pending;
        uint40 maturesAt;
    }

    /// @dev One slot: what went back to the user.
    struct Returns {
        uint128 refunded;
        uint128 withdrawn;
    }

    struct ChannelState {
        Book book;
        Holds holds;
        Returns returns_;
    }

    /// @inheritdoc IComputeEscrow
    INumeraire public immutable nmr;

    mapping(uint256 providerId => mapping(address user => ChannelState)) private _channels;
    mapping(uint256 providerId => mapping(address user => mapping(address signer => SessionKey))) private _signers;

    /// @param nmr_ Token that is deposited and paid.
    constructor(INumeraire nmr_) EIP712("ComputeEscrow", "1") {
        if (address(nmr_) == address(0)) revert ZeroAddress();
        nmr = nmr_;
    }

    /// @inheritdoc IComputeEscrow
    function deposit(uint256 providerId, uint96 amount) public nonReentrant {
        _credit(providerId, msg.sender, amount);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IComputeEscrow
    function depositWithPermit(
        uint256 providerId,
        uint96 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // Whoever saw the signature may have used it first; then the allowance is there already.
        try nmr.permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        deposit(providerId, amount);
    }

    /// @inheritdoc IERC1363Receiver
    /// @dev Deposits NMR that `nmr.transferAndCall(escrow, amount, abi.encode(providerId))` just moved here. The holder
    /// itself must have made the transfer: somebody with an allowance must not choose the provider.
    function onTransferReceived(
        address operator,
        address from,
        uint256 value,
        bytes calldata data
    ) external nonReentrant returns (bytes4) {
        if (msg.sender != address(nmr)) revert NotNumeraire(msg.sender);
        if (operator != from) revert OperatorNotSender(operator, from);
        if (data.length != DEPOSIT_DATA_LENGTH) revert InvalidDepositData(DEPOSIT_DATA_LENGTH, data.length);

        _credit(abi.decode(data, (uint256)), from, value.toUint96());
        return IERC1363Receiver.onTransferReceived.selector;
    }

    /// @inheritdoc IComputeEscrow
    function authorizeSigner(uint256 providerId, address signer, uint96 limit, uint40 until) external {
        _requireProvider(providerId);
        if (signer == address(0) || signer == msg.sender) revert InvalidSigner(signer);
        _requireAhead(until, type(uint40).max);
        SessionKey memory key = _signers[providerId][msg.sender][signer];
        if (block.timestamp > key.until) (key.limit, key.until) = (0, 0);
        _requireRise(key.limit, key.until, limit, until);

        _signers[providerId][msg.sender][signer] = SessionKey(limit, until);
        emit SignerAuthorized(providerId, msg.sender, signer, limit, until);
    }

    /// @inheritdoc IComputeEscrow
    function revokeSigner(uint256 providerId, address signer) external {
        SessionKey storage key = _signers[providerId][msg.sender][signer];
        uint256 until = key.until;
        if (block.timestamp > until) revert SignerNotAuthorized(providerId, msg.sender, signer, until);

        // The provider has the delay to redeem what it holds, as before a withdrawal. Not above what it was: 40 bits.
        until = Math.min(until, block.timestamp + _providers[providerId].withdrawDelay);
        key.until = uint40(until);
        emit SignerRevoked(providerId, msg.sender, signer, uint40(until));
    }

    /// @inheritdoc IComputeEscrow
    function reserve(uint256 providerId, uint96 amount, uint40 until) external {
        ChannelState storage channel = _channels[providerId][msg.sender];
        Holds memory holds = _holds(channel);
        _requireAhead(until, block.timestamp + MAX_RESERVATION);
        _requireRise(holds.reserved, holds.reservedUntil, amount, until);
        _requireWithin(channel.book.funds - holds.pending, amount);

        (holds.reserved, holds.reservedUntil) = (uint88(amount), until); // at most the balance
        channel.holds = holds;
        emit Reserved(providerId, msg.sender, amount, until);
    }

    /// @inheritdoc IComputeEscrow
    function startWithdrawal(uint256 providerId, uint96 amount) external {
        ChannelState storage channel = _channels[providerId][msg.sender];
        Holds memory holds = _holds(channel);
        if (holds.pending != 0) revert WithdrawalPending(holds.pending, holds.maturesAt);
        _requireWithin(channel.book.funds - holds.reserved, amount);

        holds.pending = uint88(amount); // at most the balance
        holds.maturesAt = (block.timestamp + _providers[providerId].withdrawDelay).toUint40();
        channel.holds = holds;
        emit WithdrawalStarted(providerId, msg.sender, amount, holds.maturesAt);
    }

    /// @inheritdoc IComputeEscrow
    function cancelWithdrawal(uint256 providerId) external {
        (ChannelState storage channel, Holds memory holds) = _requireWithdrawal(providerId);
        uint96 amount = holds.pending;

        _endWithdrawal(channel, holds);
        emit WithdrawalCancelled(providerId, msg.sender, amount);
    }

    /// @inheritdoc IComputeEscrow
    function withdraw(uint256 providerId) external nonReentrant {
        (ChannelState storage channel, Holds memory holds) = _requireWithdrawal(providerId);
        if (block.timestamp < holds.maturesAt) revert WithdrawalNotMature(holds.maturesAt, block.timestamp);
        uint96 amount = holds.pending;

        _endWithdrawal(channel, holds);
        channel.book.funds -= amount;
        channel.returns_.withdrawn += amount;
        emit Withdrawn(providerId, msg.sender, amount);

        nmr.transfer(msg.sender, amount);
    }

    /// @inheritdoc IComputeEscrow
    function refund(address user, uint96 amount) external nonReentrant {
        uint256 providerId = providerOf[msg.sender];
        if (providerId == 0) revert NotProvider(msg.sender);
        ChannelState storage channel = _channels[providerId][user];
        uint256 balance = channel.book.funds;
        _requireWithin(balance, amount);

        channel.book.funds = uint96(balance - amount); // below what it was
        channel.returns_.refunded += amount;
        _fitHolds(channel, 0, balance - amount);
        emit Refunded(providerId, user, amount);

        nmr.transfer(user, amount);
    }

    /// @inheritdoc IComputeEscrow
    function redeem(
        UsageVoucher calldata voucher,
        bytes calldata signature
    ) external nonReentrant returns (uint256 paid) {
        bytes memory refusal;
        (paid, refusal) = _claim(voucher, signature);
        if (refusal.length > 0) LowLevelCall.bubbleRevert(refusal);

        nmr.transfer(_providers[voucher.providerId].payout, paid);
    }

    /// @inheritdoc IComputeEscrow
    function redeemMany(
        UsageVoucher[] calldata vouchers,
        bytes[] calldata signatures
    ) external nonReentrant returns (uint256 paid) {
        uint256 count = vouchers.length;
        if (count == 0 || count != signatures.length) revert InvalidBatch(count, signatures.length);
        uint256 providerId = vouchers[0].providerId;
        for (uint256 i = 0; i < count; ++i) {
            UsageVoucher calldata voucher = vouchers[i];
            if (voucher.providerId != providerId) revert MixedProviders(providerId, voucher.providerId);
            (uint256 amount, bytes memory refusal) = _claim(voucher, signatures[i]);
            if (refusal.length > 0) emit VoucherSkipped(providerId, voucher.user, voucher.cumulative, refusal);
            paid += amount;
        }

        // A batch that pays nothing may name a provider that does not exist.
        if (paid > 0) nmr.transfer(_providers[providerId].payout, paid);
    }

    /// @inheritdoc IComputeEscrow
    function available(uint256 providerId, address user) external view returns (uint256) {
        ChannelState storage channel = _channels[providerId][user];
        return channel.book.funds - _holds(channel).pending;
    }

    /// @inheritdoc IComputeEscrow
    function getChannel(uint256 providerId, address user) external view returns (Channel memory) {
        ChannelState storage channel = _channels[providerId][user];
        (Book memory book, Holds memory holds, Returns memory back) = (channel.book, _holds(channel), channel.returns_);
        return
            Channel({
                balance: book.funds,
                claimed: book.claimed,
                reserved: holds.reserved,
                reservedUntil: holds.reservedUntil,
                pending: holds.pending,
                maturesAt: holds.maturesAt,
                deposited: uint256(book.funds) + book.claimed + back.refunded + back.withdrawn,
                refunded: back.refunded,
                withdrawn: back.withdrawn
            });
    }

    /// @inheritdoc IComputeEscrow
    function getSigner(uint256 providerId, address user, address signer) external view returns (SessionKey memory) {
        return _signers[providerId][user][signer];
    }

    function _credit(uint256 providerId, address user, uint96 amount) private {
        _requireProvider(providerId);
        if (amount == 0) revert ZeroAmount();
        _channels[providerId][user].book.funds += amount;
        emit Deposited(providerId, user, amount);
    }

    /// @dev Books a voucher; the caller sends what is paid.
    /// @return paid NMR to send, in wei.
    /// @return refusal Error, encoded, when the voucher cannot be paid; empty when it is.
    function _claim(
        UsageVoucher calldata voucher,
        bytes calldata signature
    ) private returns (uint256 paid, bytes memory refusal) {
        ChannelState storage channel = _channels[voucher.providerId][voucher.user];
        Book memory book = channel.book;
        refusal = _refusal(voucher, signature, book);
        if (refusal.length > 0) return (0, refusal);

        paid = Math.min(voucher.cumulative - book.claimed, book.funds);
        // At most the balance and the cumulative: 96 bits.
        (book.funds, book.claimed) = (uint96(book.funds - paid), uint96(book.claimed + paid));
        channel.book = book;
        _fitHolds(channel, paid, book.funds);
        emit VoucherRedeemed(
            voucher.providerId,
            voucher.user,
            uint96(paid),
            book.claimed,
            voucher.cumulative,
            voucher.usageRoot
        );
    }

    /// @dev Why a voucher cannot be paid, as an encoded error; empty when it can. The dearest question comes last.
    function _refusal(
        UsageVoucher calldata voucher,
        bytes calldata signature,
        Book memory book
    ) private view returns (bytes memory) {
        if (block.timestamp > voucher.validUntil) {
            return abi.encodeWithSelector(VoucherExpired.selector, voucher.validUntil, block.timestamp);
        }
        if (voucher.cumulative <= book.claimed) {
            return abi.encodeWithSelector(NothingToClaim.selector, book.claimed, voucher.cumulative);
        }
        if (book.funds == 0) return abi.encodeWithSelector(ChannelEmpty.selector, voucher.providerId, voucher.user);
        return _signatureRefusal(voucher, signature);
    }

    /// @dev The same for the signature alone. A session key is known by its recovered address; whatever else was
    /// recovered, the user may be a wallet that accepts the signature.
    function _signatureRefusal(
        UsageVoucher calldata voucher,
        bytes calldata signature
    ) private view returns (bytes memory) {
        (uint256 providerId, address user) = (voucher.providerId, voucher.user);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPEHASH,
                    providerId,
                    user,
                    voucher.cumulative,
                    voucher.usageRoot,
                    voucher.validUntil
                )
            )
        );
        // Zero for a malformed signature; the zero address has neither a channel nor a session key's record.
        (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == user) return "";
        SessionKey memory key = _signers[providerId][user][signer];
        bool authorized = block.timestamp <= key.until;
        if (authorized && voucher.cumulative <= key.limit) return "";
        // What a wallet signed counts, whatever a session key may sign that recovers to the same address.
        if (WalletSignature.isValid(user, digest, signature)) return "";
        if (authorized) {
            return abi.encodeWithSelector(SignerLimitExceeded.selector, signer, key.limit, voucher.cumulative);
        }
        if (key.until == 0) return abi.encodeWithSelector(InvalidSignature.selector, user, signer);
        return abi.encodeWithSelector(SignerNotAuthorized.selector, providerId, user, signer, key.until);
    }

    /// @dev A channel's holds as of now.
    function _holds(ChannelState storage channel) private view returns (Holds memory holds) {
        holds = channel.holds;
        if (block.timestamp > holds.reservedUntil) (holds.reserved, holds.reservedUntil) = (0, 0);
        if (block.timestamp > holds.maturesAt + WITHDRAWAL_LIFETIME) (holds.pending, holds.maturesAt) = (0, 0);
    }

    /// @dev Makes the holds fit a balance that fell. Without clamping, a withdrawal that was paid out of would be an exit
    /// for later deposits.
    /// @param used What the reservation was used for, in wei.
    /// @param balance What is left in the channel, in wei.
    function _fitHolds(ChannelState storage channel, uint256 used, uint256 balance) private {
        Holds memory holds = _holds(channel);
        if (holds.reserved == 0 && holds.pending == 0) return;
        uint256 reserved = Math.min(Math.saturatingSub(holds.reserved, used), balance);
        uint256 pending = Math.min(holds.pending, balance - reserved);
        // Neither rises, so both fit.
        (holds.reserved, holds.pending) = (uint88(reserved), uint88(pending));
        if (reserved == 0) holds.reservedUntil = 0;
        if (pending == 0) holds.maturesAt = 0;
        channel.holds = holds;
    }

    function _endWithdrawal(ChannelState storage channel, Holds memory holds) private {
        (holds.pending, holds.maturesAt) = (0, 0);
        channel.holds = holds;
    }

    function _requireWithdrawal(
        uint256 providerId
    ) private view returns (ChannelState storage channel, Holds memory holds) {
        channel = _channels[providerId][msg.sender];
        holds = _holds(channel);
        if (holds.pending == 0) revert NoWithdrawal(providerId, msg.sender);
    }

    function _requireAhead(uint256 time, uint256 latest) private view {
        if (time <= block.timestamp || time > latest) revert InvalidTime(block.timestamp + 1, latest, time);
    }

    function _requireRise(uint256 amount, uint256 until, uint256 newAmount, uint256 newUntil) private pure {
        if (newAmount < amount || newUntil < until || (newAmount == amount && newUntil == until)) {
            revert MayOnlyRise(amount, until, newAmount, newUntil);
        }
    }

    function _requireWithin(uint256 limit, uint256 amount) private pure {
        if (amount == 0) revert ZeroAmount();
        if (amount > limit) revert InsufficientBalance(limit, amount);
    }
}
