import { InvalidArgumentError } from "commander";

/** A port off the command line; 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("expected a port from 0 to 65535");
  return port;
}
