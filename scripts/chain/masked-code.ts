import { dataLength } from "ethers";

/** What tells where a constructor fills values into deployed code. */
export interface CompiledCode {
  deployedBytecode: string;
  /** Places that the constructor fills in. */
  immutableReferences?: Record<string, readonly { start: number; length: number }[]>;
}

/** Code as hex, with zeros where the constructor fills in values: equal for every deployment of one build. */
export function maskedCode(code: string, { immutableReferences = {} }: CompiledCode): string {
  const bytes = Buffer.alloc(dataLength(code), code.slice(2), "hex");
  for (const { start, length } of Object.values(immutableReferences).flat()) {
    // Other code may be shorter.
    bytes.fill(0, Math.min(start, bytes.length), Math.min(start + length, bytes.length));
  }
  return bytes.toString("hex");
}
