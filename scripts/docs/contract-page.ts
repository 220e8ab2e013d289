import type { EventFragment, FunctionFragment, ParamType } from "ethers";

import type { CompiledContract } from "../build/compiled-contracts.js";
import { documentation, type Documented } from "./documentation.js";
import { plainText } from "./plain-text.js";

/** The reference of a contract in Markdown: every function, event and error, out of its NatSpec. */
export function contractPage(contract: CompiledContract): string {
  const { functions, events, errors } = documentation(contract);
  const isView = ({ fragment }: Documented<FunctionFragment>): boolean => fragment.constant;
  const { devdoc, userdoc, name } = contract;
  return [
    `# ${devdoc.title ?? name}`,
    "",
    `The reference of \`${name}\`, generated from its interface: \`npm run docs\` writes it. How the contract works as a whole is`,
    "in [contracts.md](../contracts.md).",
    "",
    ...paragraphs(userdoc.notice, devdoc.details),
    "## Functions that change something",
    "",
    ...functions.filter((one) => !isView(one)).flatMap(functionLines),
    "## Functions that only read",
    "",
    ...functions.filter(isView).flatMap(functionLines),
    "## Events",
    "",
    ...events.flatMap(eventLines),
    "## Errors",
    "",
    ...errors.map(({ fragment, notice, details }) => {
      const meaning = plainText(notice === "" ? details : notice);
      return `- [\`${fragment.name}\`](../errors.md#${fragment.name.toLowerCase()})${meaning === "" ? "" : `: ${meaning}`}`;
    }),
    "",
  ].join("\n");
}

function functionLines({ fragment, notice, details, params, returns }: Documented<FunctionFragment>): string[] {
  const { name, inputs, outputs, selector, payable } = fragment;
  const results = outputs.map((output, place) => {
    const text = returns[output.name === "" ? `_${place}` : output.name];
    return `- returns ${typed(output)}${text === undefined ? "" : `: ${plainText(text)}`}`;
  });
  return [
    `### ${name}`,
    "",
    `\`${name}(${inputs.map((input) => input.format("full")).join(", ")})\`, \`${selector}\`${payable ? ", takes ether" : ""}`,
    "",
    ...paragraphs(notice, details),
    ...inputs.map((input) => parameterLine(input, params)),
    ...results,
    "",
  ];
}

function eventLines({ fragment, notice, details, params }: Documented<EventFragment>): string[] {
  const { name, inputs } = fragment;
  return [
    `### ${name}`,
    "",
    ...paragraphs(notice, details),
    ...inputs.map((input) => parameterLine(input, params)),
    "",
  ];
}

function parameterLine(input: ParamType, params: Partial<Record<string, string>>): string {
  const text = params[input.name];
  return `- ${typed(input)}${input.indexed === true ? ", indexed" : ""}${text === undefined ? "" : `: ${plainText(text)}`}`;
}

function typed({ name, type }: ParamType): string {
  return name === "" ? `\`${type}\`` : `\`${name}\` (\`${type}\`)`;
}

/** Notice and details; what is emitted, required and warned of begins a paragraph each. */
function paragraphs(notice = "", details = ""): string[] {
  const parts = [notice, ...details.split(/(?=\bRequirements:|\bWarning:)/)];
  return parts
    .map(plainText)
    .filter((part) => part !== "")
    .flatMap((part) => [part.replace(/^(Requirements|Warning): */, "**$1.** "), ""]);
}
