/** Pages of a list: where each of those begins that were turned over. */

export interface Pages {
  /** What was asked for; a cursor leads on in this list and in no other. */
  question: string;
  cursors: readonly string[];
}

/** The cursors that hold for `question`: another question begins at its first page. */
export function cursorsOf(pages: Pages, question: string): readonly string[] {
  return pages.question === question ? pages.cursors : [];
}
