/** NatSpec as Markdown: a reference, e.g. {IERC20-Transfer}, becomes the name it points to; long lines are one. */
export function plainText(natSpec: string): string {
  return natSpec
    .replaceAll(/\{(?:\w+-)?(\w+)(?:-[^}]*)?\}/g, "`$1`")
    .replaceAll(/\s+/g, " ")
    .trim();
}
