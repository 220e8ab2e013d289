import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import type { CompiledContract } from "../build/compiled-contracts.js";
import type { PublishedAddresses } from "./published-addresses.js";

/** An ERC-7730 file: what a wallet shows of a call before it is signed. */
export interface ClearSigningFile {
  file: string;
  descriptor: object;
}

/** How a wallet shows a value. */
interface Format {
  format?: string;
  params?: Record<string, string | number>;
  visible?: "never";
}

/** Parameters in the function's order: name, label, format. */
type Field = readonly [name: string, label: string, format: Format];

interface Call {
  name: string;
  intent: string;
  fields: readonly Field[];
}

const RAW: Format = { format: "raw" };
const ACCOUNT: Format = { format: "addressName" };
/** An amount of the token that is called. */
const TOKEN: Format = { format: "tokenAmount", params: { tokenPath: "@.to" } };
/** NMR by its name: the token's address differs from chain to chain, and one file serves all of them. */
const NMR: Format = { format: "unit", params: { base: "NMR", decimals: 18 } };
const NMR_PER_ETHER: Format = { format: "unit", params: { base: "NMR per ETH", decimals: 18 } };
const TIME: Format = { format: "date", params: { encoding: "timestamp" } };
const HIDDEN: Format = { visible: "never" };

const ROUND: Field = ["roundId", "Round", RAW];
const MODEL: Field = ["modelId", "Model", RAW];
const INDEX: Field = ["index", "Stake number", RAW];
const AMOUNT: Field = ["amount", "Stake", NMR];
const CONFIDENCE: Field = ["confidence", "Confidence", NMR_PER_ETHER];
const PREDICTIONS: Field = ["predictionsHash", "Predictions", RAW];

/** What a staker calls. */
const CALLS: Readonly<Record<"tournament" | "nmr", readonly Call[]>> = {
  tournament: [
    { name: "registerModel", intent: "Register model", fields: [["name", "Name", RAW]] },
    { name: "setPayee", intent: "Pay model to", fields: [MODEL, ["payee", "Payee", ACCOUNT]] },
    { name: "offerModel", intent: "Offer model", fields: [MODEL, ["newOwner", "New owner", ACCOUNT]] },
    { name: "acceptModel", intent: "Take over model", fields: [MODEL] },
    { name: "stake", intent: "Stake NMR", fields: [ROUND, MODEL, AMOUNT, CONFIDENCE, PREDICTIONS] },
    {
      name: "stakeWithPermit",
      intent: "Stake NMR",
      fields: [
        ROUND,
        MODEL,
        AMOUNT,
        CONFIDENCE,
        PREDICTIONS,
        ["deadline", "Permit ends", TIME],
        ["v", "Signature v", HIDDEN],
        ["r", "Signature r", HIDDEN],
        ["s", "Signature s", HIDDEN],
      ],
    },
    {
      name: "raiseStake",
      intent: "Raise stake",
      fields: [ROUND, INDEX, ["addedAmount", "Added stake", NMR], ["newConfidence", "New confidence", NMR_PER_ETHER]],
    },
    { name: "commitPredictions", intent: "Commit to predictions", fields: [ROUND, INDEX, PREDICTIONS] },
    {
      name: "restake",
      intent: "Settle and stake again",
      fields: [["fromRound", "From round", RAW], INDEX, ["toRound", "To round", RAW], CONFIDENCE, PREDICTIONS],
    },
    {
      name: "settle",
      intent: "Settle stakes",
      fields: [ROUND, ["from", "First stake", RAW], ["to", "Before stake", RAW]],
    },
    { name: "withdrawOwed", intent: "Withdraw ether owed", fields: [["to", "Pay to", ACCOUNT]] },
  ],
  nmr: [
    {
      name: "transferAndCall",
      intent: "Send NMR with instructions",
      fields: [
        ["to", "To", ACCOUNT],
        ["value", "Amount", TOKEN],
        ["data", "Instructions", RAW],
      ],
    },
    {
      name: "approve",
      intent: "Approve NMR",
      fields: [
        ["spender", "Spender", ACCOUNT],
        ["value", "At most", TOKEN],
      ],
    },
  ],
};

/**
 * The ERC-7730 files of what stakers call, bound to every deployment that was recorded.
 * @throws {Error} when a call is described otherwise than it was compiled.
 */
export function clearSigningDescriptors(
  contracts: readonly CompiledContract[],
  addresses: PublishedAddresses,
): ClearSigningFile[] {
  return (["tournament", "nmr"] as const).map((key) => {
    const name = CONTRACT_NAMES[key];
    const abi = contracts.find((contract) => contract.name === name)?.abi ?? [];
    const deployments = [...addresses].map(([chainId, suite]) => ({ chainId: Number(chainId), address: suite[key] }));
    return {
      file: `calldata-${name}.json`,
      descriptor: {
        $schema: "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json",
        context: { $id: name, contract: { deployments } },
        metadata: { owner: "Numeraire", contractName: name },
        display: { formats: Object.fromEntries(CALLS[key].map((call) => formatOf(call, abi))) },
      },
    };
  });
}

/** A call by its signature with the names of the parameters, which is what a wallet decodes it by. */
function formatOf({ name, intent, fields }: Call, abi: CompiledContract["abi"]): [string, object] {
  const described = fields.map(([parameter]) => parameter).join();
  const compiled = abi.find(
    (item) =>
      item.type === "function" && item.name === name && item.inputs?.map((input) => input.name).join() === described,
  );
  if (compiled === undefined) throw new Error(`clear signing: no ${name}(${described}) was compiled`);
  const parameters = compiled.inputs?.map((input) => `${input.type ?? ""} ${input.name ?? ""}`) ?? [];
  const shown = fields.map(([path, label, format]) => ({ path, label, ...format }));
  return [`${name}(${parameters.join(",")})`, { intent, fields: shown }];
}
