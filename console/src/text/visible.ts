/** Makes text of logs safe to look at: whoever called AWS chose it, and may have hidden characters in it. */

/** A part of a text: characters as they are, or the escape of one that cannot be seen. */
export interface Piece {
  text: string;
  isEscape: boolean;
}

/**
 * Characters that are not seen, or that change how others are seen: controls, formats (bidirectional,
 * zero-width, tags), line separators, lone surrogates, private use, fillers and variation selectors.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** Splits `text` into what is seen and escapes of what is not. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > done) {
      found.push({ text: text.slice(done, match.index), isEscape: false });
    }
    found.push({ text: escape(match[0]), isEscape: true });
    done = match.index + match[0].length;
  }
  if (done < text.length) {
    found.push({ text: text.slice(done), isEscape: false });
  }
  return found;
}

/** `text` with every hidden character escaped, as one string: for labels, titles and attributes. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escape);
}

/** The first `limit` characters; never half of one. Says how many were left out. */
export function fold(text: string, limit: number): { head: string; nLeftOut: number } {
  if (text.length <= limit) {
    return { head: text, nLeftOut: 0 };
  }
  const characters = Array.from(text);
  const head = characters.slice(0, limit).join("");
  return { head, nLeftOut: Math.max(0, characters.length - limit) };
}

/** One line of at most `limit` characters, with hidden ones escaped and an ellipsis where it was cut. */
export function short(text: string, limit: number): string {
  const { head, nLeftOut } = fold(text, limit);
  return visible(head) + (nLeftOut > 0 ? "…" : "");
}

/** A key id with its middle left out: the kind and the end are what people tell keys apart by. */
export function shortKey(text: string): string {
  return text.replace(/\b(A[A-Z]{3})[A-Z0-9]{8,}([A-Z0-9]{4})\b/g, "$1…$2");
}

function escape(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `\\u{${point.toString(16)}}`;
}
