/** The only components that show text of logs. */
import { useState } from "react";

import { fold, pieces, short } from "./visible";

/** Beyond this many characters a text is folded, and can be unfolded. */
const FOLD_AT = 600;

/** Text of logs in full; long text is folded. */
export function Untrusted({ text, foldAt = FOLD_AT }: { text: string; foldAt?: number }) {
  const [isOpen, setOpen] = useState(false);
  const { head, nLeftOut } = fold(text, foldAt);
  const isFolded = nLeftOut > 0 && !isOpen;
  return (
    <bdi className="untrusted">
      <Pieces text={isFolded ? head : text} />
      {nLeftOut > 0 && (
        <button type="button" className="unfold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : `… ${nLeftOut.toLocaleString("en")} more characters`}
        </button>
      )}
    </bdi>
  );
}

/** Text of logs on one line, cut after `limit` characters. */
export function Line({ text, limit = 160 }: { text: string; limit?: number }) {
  const { head, nLeftOut } = fold(text, limit);
  return (
    <bdi className="untrusted" title={nLeftOut > 0 ? short(text, 1000) : undefined}>
      <Pieces text={head} />
      {nLeftOut > 0 && "…"}
    </bdi>
  );
}

function Pieces({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.isEscape ? (
      <span key={index} className="escape" title="A character that is not seen">
        {piece.text}
      </span>
    ) : (
      <span key={index}>{piece.text}</span>
    ),
  );
}
